"""`report.html`: one file with everything in it, for a browser or an attachment."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template

from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult
from {{ cookiecutter.package_name }}.evaluation.metrics import class_scores, confusion_matrix
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo
from {{ cookiecutter.package_name }}.utils.words import counted

MOST_CLASSES = 50
_NUMBER = ' class="number"'

MEANINGS = {
    "accuracy": "share of rows answered right",
    "balanced_accuracy": "share answered right of each class, averaged over classes",
    "macro_f1": "F1 averaged over classes, each counting the same",
    "log_loss": "mean of minus log of the true class's probability; less is better",
    "majority_accuracy": "accuracy of always answering the commonest class",
    "skill": "1 is certain and right; 0 is always answering the shares of the classes",
    "rmse": "root of the mean squared error, in the target's unit; less is better",
    "mae": "mean absolute error, in the target's unit; less is better",
    "r2": "1 is perfect; 0 is always answering the mean",
}


def render(
    name: str,
    origin: Mapping[str, str],
    info: ModelInfo,
    manifest: Manifest,
    result: EvaluationResult,
    figures: Iterable[str],
) -> str:
    """The report as HTML: no address is loaded by it, light and dark are both readable.

    `name` is what was evaluated, `origin` says more about it, `figures` are SVG documents.
    """
    page = Template(files(__package__).joinpath("report.html").read_text(encoding="utf-8"))
    sections = [
        _section("Metrics", _metrics(result)),
        _section("Figures", "\n".join(f"<figure>{svg}</figure>" for svg in figures)),
        _classes(manifest, result),
        _section("Model", _facts({**origin, **_model_facts(info)})),
        _section("Data", _facts(_data_facts(info, manifest, result))),
    ]
    return page.substitute(
        title=escape(f"Evaluation of {name}"),
        subtitle=escape(
            f"{info.model_name} on the {result.split} split of {manifest.name}, "
            f"{counted(result.rows, 'row')} that training never read"
        ),
        sections="\n".join(section for section in sections if section),
    )


def _section(heading: str, body: str) -> str:
    return f"<h2>{escape(heading)}</h2>\n{body}"


def _table(rows: Sequence[str], head: str = "") -> str:
    top = f"<thead>{head}</thead>" if head else ""
    body = "\n".join(rows)
    return f'<div class="card"><table>{top}<tbody>\n{body}\n</tbody></table></div>'


def _metrics(result: EvaluationResult) -> str:
    return _table(
        [
            f"<tr><th>{escape(name)}</th><td{_NUMBER}>{value:.4f}</td>"
            f"<td>{escape(MEANINGS[name])}</td></tr>"
            for name, value in result.metrics.items()
        ]
    )


def _facts(facts: Mapping[str, str]) -> str:
    return _table(
        [f"<tr><th>{escape(key)}</th><td>{escape(text)}</td></tr>" for key, text in facts.items()]
    )


def _classes(manifest: Manifest, result: EvaluationResult) -> str:
    classes = manifest.data_schema.target.classes
    if not 0 < len(classes) <= MOST_CLASSES:
        return ""
    scores = class_scores(confusion_matrix(result.truth, result.predictions, classes), classes)
    cells = [(one.rows, one.precision, one.recall, one.f1) for one in scores]
    rows = [
        f"<tr><th>{escape(one.name)}</th>{_numbers(numbers)}</tr>"
        for one, numbers in zip(scores, cells, strict=True)
    ]
    names = "".join(f"<th{_NUMBER}>{name}</th>" for name in ("rows", "precision", "recall", "F1"))
    return _section("By class", _table(rows, head=f"<tr><th>class</th>{names}</tr>"))


def _numbers(values: Sequence[float]) -> str:
    texts = [f"{value:,}" if isinstance(value, int) else f"{value:.3f}" for value in values]
    return "".join(f"<td{_NUMBER}>{text}</td>" for text in texts)


def _model_facts(info: ModelInfo) -> dict[str, str]:
    return {
        "model": info.model_name,
        "code": info.git_sha or "unknown (no commit)",
        "template": info.template_version or "unknown",
        "predicts": f"{info.data_schema.target.name} ({info.data_schema.target.task})",
        "trained on data": info.data_digest,
    }


def _data_facts(info: ModelInfo, manifest: Manifest, result: EvaluationResult) -> dict[str, str]:
    same = "the data that the model was trained from"
    other = "prepared anew since the model was trained"
    schema = manifest.data_schema
    return {
        "data set": manifest.name,
        "source": f"{manifest.source} ({manifest.version})",
        "digest": f"{manifest.digest}: {same if manifest.digest == info.data_digest else other}",
        "split": _split_fact(manifest, result),
        "columns": f"{counted(len(schema.numbers), 'number')}, "
        f"{counted(len(schema.categories), 'category')}",
    }


def _split_fact(manifest: Manifest, result: EvaluationResult) -> str:
    rows = f"{result.rows:,} of {counted(manifest.rows, 'row')}"
    return f"{result.split}, {rows}, SHA-256 {result.digest}"
