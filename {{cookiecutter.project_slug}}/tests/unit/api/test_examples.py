"""The printed command."""

import shlex

from {{ cookiecutter.package_name }}_api.examples import curl_line


def test_where_keys_are_asked_for_the_command_shows_where_one_goes(mixed_schema):
    open_line, keyed = (curl_line("http://x", mixed_schema, keyed=one) for one in (False, True))

    assert "Authorization" not in open_line
    assert '-H "Authorization: Bearer $API_KEY"' in keyed
    assert shlex.split(keyed)[-1] == shlex.split(open_line)[-1]
