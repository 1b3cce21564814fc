# The service: what answering requests needs, without torch. From the project's root:
#   docker build --file deployment/docker/api.Dockerfile --tag {{ cookiecutter.project_slug }}-api .

ARG PYTHON_VERSION={{ cookiecutter.python_version }}
ARG UV_VERSION=0.13
# One more of the project's extras: --build-arg EXTRA=tracing
ARG EXTRA=""

FROM ghcr.io/astral-sh/uv:${UV_VERSION} AS uv

FROM python:${PYTHON_VERSION}-slim AS build
ARG EXTRA
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 \
    UV_CACHE_DIR=/var/cache/uv \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /build
# Dependencies are a layer of their own: it is built again only when the lock changes.
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/var/cache/uv \
    uv sync --locked --no-dev --no-install-project ${EXTRA:+--extra "$EXTRA"}
COPY README.md LICENSE ./
COPY src src
COPY deployment/api deployment/api
RUN --mount=type=cache,target=/var/cache/uv \
    uv sync --locked --no-dev --no-editable ${EXTRA:+--extra "$EXTRA"}

FROM python:${PYTHON_VERSION}-slim
RUN useradd --uid 10001 --create-home --home-dir /app app
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    API_HOST=0.0.0.0 \
    API_PORT=8000 \
    LOG_FORMAT=json
# Models that were fetched are kept below the working directory.
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['API_PORT'] + '/health/ready', timeout=4)"]
CMD ["serve"]
