import io
import json
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.integrations import replies
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, TrackingUnavailable


def test_the_projects_own_errors_arrive_as_they_were_raised():
    reply = json.loads(json.dumps(replies.from_error(ModelNotFound("no such version"))))

    with pytest.raises(ModelNotFound, match=r"^no such version$"):
        replies.raise_error(reply, otherwise=TrackingUnavailable)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(ValueError("not\nthis"), "ValueError: not this"), (KeyError(), r"KeyError\(\)")],
)
def test_any_other_error_is_told_with_its_class(error, sentence):
    with pytest.raises(TrackingUnavailable, match=f"^{sentence}$"):
        replies.raise_error(replies.from_error(error), otherwise=TrackingUnavailable)


def test_an_answer_raises_nothing():
    replies.raise_error({"run_id": "1"}, otherwise=TrackingUnavailable)


def test_a_message_is_one_line():
    pipe = io.StringIO()

    replies.send(pipe, {"text": "two\nlines"})

    assert pipe.getvalue().count("\n") == 1


def test_only_messages_reach_standard_output():
    code = (
        "import os\n"
        "from {{ cookiecutter.package_name }}.integrations import replies\n"
        "pipe = replies.own_stdout()\n"
        "print('noise'); os.system('echo more'); replies.send(pipe, {'done': True})"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == {"done": True}
    assert sorted(done.stderr.split()) == ["more", "noise"]
