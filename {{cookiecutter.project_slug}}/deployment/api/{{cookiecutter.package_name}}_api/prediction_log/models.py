"""Which columns of each served model are kept; a model that lacks a named one is not logged."""

from weakref import WeakKeyDictionary

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept, Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Troubles

_COLUMNS = "columns unknown"


class Models:
    """Looks at each model once."""

    def __init__(self, privacy: Privacy, troubles: Troubles) -> None:
        self._privacy, self._troubles = privacy, troubles
        self._known: WeakKeyDictionary[Predictor, Kept | None] = WeakKeyDictionary()

    def kept(self, served: Served) -> Kept | None:
        """What is kept of this model's columns; None where it has not all that are named.

        Which of its columns has what such a name was to protect cannot be known then.
        """
        predictor = served.predictor
        if predictor not in self._known:
            self._known[predictor] = self._looked_at(served)
        return self._known[predictor]

    def _looked_at(self, served: Served) -> Kept | None:
        try:
            kept = Kept.of(served.predictor.info.data_schema, self._privacy)
        except ConfigError as error:
            version = served.version.version
            self._troubles.note(_COLUMNS, f"version {version} is not logged: {error}")
            return None
        self._troubles.settle(_COLUMNS)
        return kept
