"""What every page has: the service, the settings, and words for what is missing."""

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
    read_dashboard_settings,
)
from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import ServedModel


@st.cache_resource
def settings() -> DashboardSettings:
    """The environment's settings, read once."""
    return read_dashboard_settings()


@st.cache_resource(on_release=ServiceClient.close)
def client(url: str) -> ServiceClient:
    """One client for all visitors: its connections are kept open."""
    return ServiceClient(url)


def service() -> ServiceClient:
    """The service that the settings name."""
    return client(settings().api_url)


def model_or_words() -> ServedModel | None:
    """The model that answers now; without one, the page says why and what to do."""
    try:
        return service().model()
    except ProjectError as error:
        missing(error)
    return None


def missing(error: ProjectError) -> None:
    """An empty state: the sentence, and a way to ask again."""
    st.info(plain(str(error)), icon=":material/info:")
    st.button("Try again", icon=":material/refresh:", key="again")


def refused(error: ProjectError) -> None:
    """What was asked cannot be answered; each sentence on a line of its own."""
    st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """The text as it is: what a file or a name holds is not Markdown, but `code` stays."""
    for sign in "\\*_[]$<>#~:|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "  \n")
