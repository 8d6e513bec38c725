"""The OpenAPI document is complete, and the application keeps to it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from starlette.testclient import TestClient

from app.models import Prisoner
from tests.api.conftest import HandIn

PROBLEM = {"$ref": "#/components/schemas/Problem"}

load_all_checks()
NOT_MEANT: list[Any] = CHECKS.get_by_names(
    [
        # A text whose language is uncertain, or a slug of nobody, fits the schema and is refused.
        "positive_data_acceptance",
        # Methods we do not have are refused with 405 before any route says what it allows.
        "allow_header_conformance",
    ]
)

BOUNDED = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    made: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_document_has_the_partners_routes_alone(document: dict[str, Any]) -> None:
    assert [name for name, _ in operations(document)] == [
        "POST /api/v1/letters",
        "GET /api/v1/letters",
        "GET /api/v1/prisoners",
        "GET /api/v1/prisoners/{slug}",
    ]


def test_every_route_is_described_with_its_errors(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        for status, answer in operation["responses"].items():
            assert answer["description"], (name, status)
            [(kind, content)] = answer["content"].items()
            if status >= "400":
                assert (kind, content["schema"]) == ("application/problem+json", PROBLEM)
                assert content["example"]["status"] == int(status)
        assert "503" in operation["responses"]


def test_who_may_call_what_is_said(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["partner"]["scheme"] == "bearer"
    assert schemes["receipt"]["in"] == "header"
    letters = document["paths"]["/api/v1/letters"]
    assert letters["post"]["security"] == [{"partner": []}]
    assert letters["get"]["security"] == [{"receipt": []}]


def test_no_schema_is_missing_or_left_over(document: dict[str, Any]) -> None:
    used = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert used == set(document["components"]["schemas"])


def test_fields_of_a_letter_are_described_and_no_others_are_taken(
    document: dict[str, Any],
) -> None:
    letter = document["components"]["schemas"]["NewLetter"]
    assert letter["additionalProperties"] is False
    assert letter["required"] == ["text", "signature", "gender"]
    assert all(field["description"] for field in letter["properties"].values())
    assert letter["examples"]


@pytest.fixture
def known(hand_in: HandIn, token: str, prisoner: Prisoner) -> dict[str, str]:
    """What somebody who is known says in the header, by method."""
    receipt = hand_in().json()["receipt"]
    return {"POST": f"Bearer {token}", "GET": f"Receipt {receipt}"}


@pytest.mark.trust(1, 6)
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/letters", "POST"),
        ("/api/v1/letters", "GET"),
        ("/api/v1/prisoners", "GET"),
        ("/api/v1/prisoners/{slug}", "GET"),
    ],
)
def test_the_application_keeps_to_its_document(
    client: TestClient, known: dict[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    operation = schema[path][method]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps_to_it(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": known[method]}, excluded_checks=NOT_MEANT)

    keeps_to_it()
