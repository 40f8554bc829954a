"""Requests for view keys."""

import json

from sparring.mocks.engine.messages import Answer
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import ask, new_token, read

CREATE = "/api/v1/smart-embed/create-view-key"
STUDENT: dict[str, object] = {
    "student": True,
    "schoolName": "Walkerville Elementary School",
    "schoolId": "S123",
    "districtName": "Riverside Unified School District",
    "districtId": "D123",
}
TEACHER: dict[str, object] = {
    **STUDENT,
    "student": False,
    "firstName": "Ada",
    "surname": "L",
    "email": "ada@school.example",
    "jobTitle": "Teacher",
}


async def create(
    stage: Stage, document: object, content_type: str | None = "application/json", host: str = "127.0.0.1:9401"
) -> Answer:
    """Ask for a view key with a new token; bytes go out as they are."""
    token = await new_token(stage)
    headers = [("authorization", f"Bearer {token}")]
    if content_type is not None:
        headers.append(("content-type", content_type))
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return await ask(stage, stages.request("POST", CREATE, *headers, body=body, host=host))


async def new_view_key(stage: Stage) -> str:
    """A view key for a teacher."""
    return str(read(await create(stage, {"mediaId": "123456", "data": TEACHER}))["viewKey"])
