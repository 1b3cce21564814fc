"""Which columns of each served model are kept; a model that lacks a named one is not logged."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept, Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs

_COLUMNS = "columns unknown"


class Models:
    """Looks at each model once."""

    def __init__(self, privacy: Privacy, signs: Signs) -> None:
        self._privacy = privacy
        self._counters, self._troubles = signs
        self._known: WeakKeyDictionary[Predictor, Kept | None] = WeakKeyDictionary()

    def kept(self, group: Sequence[Answered]) -> Kept | None:
        """What is kept of the columns of the model that answered these requests.

        None, and they count as dropped, where it has not all columns that are named: which of its
        own has what such a name was to protect cannot be known then.
        """
        served = group[0].served
        predictor = served.predictor
        if predictor not in self._known:
            self._known[predictor] = self._looked_at(served)
        kept = self._known[predictor]
        if kept is None:
            self._counters.dropped("columns", sum(len(answered.requests) for answered in group))
        return kept

    def _looked_at(self, served: Served) -> Kept | None:
        try:
            kept = Kept.of(served.predictor.info.data_schema, self._privacy)
        except ConfigError as error:
            version = served.version.version
            self._troubles.note(_COLUMNS, f"version {version} is not logged: {error}")
            return None
        self._troubles.settle(_COLUMNS)
        return kept
