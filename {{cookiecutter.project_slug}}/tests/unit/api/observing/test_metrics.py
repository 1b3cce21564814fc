"""What clients can, and cannot, do to the page of counters."""

import re

from prometheus_client.parser import text_string_to_metric_families

from {{ cookiecutter.package_name }}.utils.paths import project_root

ROW = [60, "Oslo", 1.5]


def series(page):
    return {line.rpartition(" ")[0] for line in page.splitlines() if not line.startswith("#")}


def test_no_client_can_make_a_series(client):
    def ask(word):
        client.get(f"/{word}")
        client.get(f"/v1/model?{word}={word}")
        client.request(word.upper(), "/v1/predict")
        client.request(word.upper(), f"/docs/{word}")
        headers = {
            "Host": "localhost",
            "X-Request-ID": word,
            "X-API-Key": word,
            "User-Agent": word,
            "traceparent": word,
            "Origin": f"http://{word}",
        }
        client.predict([[1e9, word, -5]], headers=headers)
        client.predict([{word: 1}], headers=headers)
        client.predict([[word, word, word]], headers=headers)
        client.get("/nowhere", headers={"Host": f"{word}.example"})
        return series(client.get("/metrics").text)

    ask("stranger")
    former = ask("intruder")

    later = [ask(f"word{number}") for number in range(5)]

    assert later == [former] * 5
    assert not [line for line in former if re.search("stranger|intruder", line)]


def test_the_page_says_what_was_asked_and_who_answers(client, served):
    client.predict([ROW, [10, "Rome", 100]])

    page = client.get("/metrics").text

    for line in (
        'predictions_total{class="yes"} 1.0',
        'input_out_of_range_total{column="age"} 1.0',
        'input_unseen_category_total{column="city"} 1.0',
        "request_rows_sum 2.0",
        "large_batches_in_progress 0.0",
    ):
        assert line in page.splitlines()
    loaded = re.search(r"^model_loaded_timestamp_seconds (.*)$", page, re.M)
    assert loaded is not None
    assert float(loaded[1]) == served.loaded_at.timestamp()
    assert re.search(r'^served_model_info{.*git_sha="abc123",.*sha256="",.*} 1.0$', page, re.M)
    assert 'service_build_info{onnxruntime="' in page


def test_every_metric_and_label_has_a_row_on_its_page(client):
    text = (project_root() / "docs" / "how-to" / "watch-the-service.md").read_text(encoding="utf-8")
    client.predict([ROW])

    missing = []
    for family in text_string_to_metric_families(client.get("/metrics").text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels}
        row = re.search(rf"^\| `{name}` \| (.*?) \|", text, re.MULTILINE)
        if not name.startswith(("process_", "prediction_log_")) and (
            row is None or [label for label in labels if f"`{label}`" not in row[1]]
        ):
            missing.append(name)

    assert missing == []
