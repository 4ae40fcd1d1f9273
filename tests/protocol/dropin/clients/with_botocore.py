"""botocore on the drop-in, against an endpoint that knows a little of S3.

It overrides how a request is sent and how a status-line is read, to wait for 100 (Continue).
"""

import io
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

LARGE = bytes(range(256)) * 4096


def client(url: str, cafile: str, **more: Any) -> Any:
    config = Config(
        retries={"max_attempts": 0},
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=10,
        read_timeout=10,
        **more,
    )
    return botocore.session.Session().create_client(
        "s3",
        "us-east-1",
        endpoint_url=url,
        verify=cafile,
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
        config=config,
    )


def check_list(url: str, cafile: str, proxy: str) -> None:
    buckets = client(url, cafile).list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in buckets] == ["one", "two"]


def check_object_is_put_and_got(url: str, cafile: str, proxy: str) -> None:
    s3 = client(url, cafile)
    for key, body, content in [("a", b"small", b"small"), ("b", io.BytesIO(LARGE), LARGE)]:
        # Both are sent with Expect: 100-continue.
        assert s3.put_object(Bucket="bucket", Key=key, Body=body)["ETag"] == '"etag"'
        assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == content
        assert s3.head_object(Bucket="bucket", Key=key)["ContentLength"] == len(content)


def check_content_is_streamed(url: str, cafile: str, proxy: str) -> None:
    s3 = client(url, cafile)
    s3.put_object(Bucket="bucket", Key="large", Body=LARGE)
    body = s3.get_object(Bucket="bucket", Key="large")["Body"]
    assert b"".join(body.iter_chunks(5000)) == LARGE


def check_missing_object_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with pytest.raises(ClientError) as caught:
        client(url, cafile).get_object(Bucket="bucket", Key="missing-object")
    assert caught.value.response["Error"]["Code"] == "NoSuchKey"


def check_answer_instead_of_continue_is_the_response(url: str, cafile: str, proxy: str) -> None:
    s3 = client(url, cafile)
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="bucket", Key="refused", Body=LARGE)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert s3.list_buckets()["Buckets"]


def check_proxy(url: str, cafile: str, proxy: str) -> None:
    if url.startswith("https"):
        s3 = client(url, cafile, proxies={"https": proxy})
        assert s3.list_buckets()["Buckets"]
