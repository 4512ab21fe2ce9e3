"""Runs KMS operations with boto3: a JSON request a line on standard input, a JSON answer a line on standard output."""
import base64
import datetime
import json
import sys

import boto3
import botocore.exceptions


def decode(value):
    if isinstance(value, dict):
        if set(value) == {"base64"}:
            return base64.b64decode(value["base64"])
        return {key: decode(member) for key, member in value.items()}
    return [decode(member) for member in value] if isinstance(value, list) else value


def encode(value):
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: encode(member) for key, member in value.items()}
    return [encode(member) for member in value] if isinstance(value, list) else value


kms = boto3.client("kms", endpoint_url=sys.argv[1])
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"output": encode(kms._make_api_call(request["operation"], decode(request["input"])))}
    except botocore.exceptions.ClientError as error:
        answer = {"error": error.response["Error"]}
    except Exception as error:
        answer = {"error": {"Code": type(error).__name__, "Message": str(error)}}
    print(json.dumps(answer), flush=True)
