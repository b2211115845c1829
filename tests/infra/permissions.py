"""What each function may do: actions, on what, under which conditions. Nothing else is granted."""

COMMON = """
logs:CreateLogStream, logs:PutLogEvents | own logs
xray:PutTelemetryRecords, xray:PutTraceSegments | *
"""

MAY = {
    "canary": "",
    "describe_service": "",
    "list_organisms": """
        dynamodb:GetItem, dynamodb:Query | table | on ORGANISM
        kms:Decrypt | key | for dynamodb
    """,
    "start_mail": """
        dynamodb:GetItem | table | on ORGANISM
        dynamodb:PutItem | table | on MAIL#*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "write_letter": """
        dynamodb:UpdateItem | table | on MAIL#*
        s3:ListBucket | bucket | under attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "identify_sender": """
        dynamodb:UpdateItem | table | on MAIL#*
        dynamodb:GetItem | table | on MAIL#*
        s3:ListBucket | bucket | under attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "attach_file": """
        dynamodb:UpdateItem | table | on MAIL#*
        s3:PutObject, s3:PutObjectTagging | bucket/attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "submit_mail": """
        dynamodb:GetItem | table | on MAIL#*
        dynamodb:BatchGetItem | table | on ORGANISM REGISTER#*
        dynamodb:ConditionCheckItem | table | on ORGANISM
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#* RECEIPT#* REGISTER#*
        dynamodb:PutItem | table | on WORDS#*
        s3:GetObject | bucket/attachments/*
        s3:ListBucket | bucket | under attachments/*
        s3:PutObject, s3:PutObjectRetention | bucket/submissions/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "follow_mail": """
        dynamodb:GetItem, dynamodb:Query | table | on MAIL#*
        dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem | table | on REGISTER#*
        s3:ListBucket | bucket | under attachments/*
        s3:GetObject | bucket/receipts/* bucket/slips/*
        s3:GetObjectVersion | bucket/answers/* | tagged NO_THREATS_FOUND
        secretsmanager:GetSecretValue | secret
        kms:Decrypt | key | for dynamodb
        kms:Decrypt | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "verify_receipt": """
        dynamodb:GetItem | table | on RECEIPT#*
        dynamodb:Query | table | naming SPECIFIC_ATTRIBUTES | on MAIL#* | only at event pk sk
        kms:Decrypt | key | for dynamodb
    """,
    "sign_statement": """
        dynamodb:GetItem | table | on RECEIPT#*
        dynamodb:Query | table | naming SPECIFIC_ATTRIBUTES | on MAIL#* | only at event pk sk
        kms:Sign | statement key | as DIGEST | by ECDSA_SHA_256
        kms:GetPublicKey | statement key
        kms:Decrypt | key | for dynamodb
    """,
    "list_keys": """
        kms:GetPublicKey | statement key
    """,
    "list_sealers": """
        s3:GetObjectVersion | bucket/seal/*
        s3:ListBucketVersions | bucket | under seal/*
        kms:Sign | statement key | as DIGEST | by ECDSA_SHA_256
        kms:GetPublicKey | statement key
        kms:Decrypt | key | for s3
    """,
    "list_heads": """
        s3:GetObject | bucket/heads/*
        s3:ListBucket | bucket | under heads/*
        kms:Decrypt | key | for s3
    """,
    "read_open_data": """
        s3:GetObject | bucket/open_data/*
        s3:ListBucket | bucket | under open_data/*
        kms:Decrypt | key | for s3
    """,
    "publish_open_data": """
        dynamodb:Query | table | on ORGANISM
        dynamodb:Query | table/index/desk
        s3:PutObject | bucket/open_data/*
        s3:ListBucket | bucket | under open_data/*
        kms:Decrypt | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
    """,
    "publish_heads": """
        dynamodb:Query | table | on ORGANISM
        dynamodb:BatchGetItem | table | on REGISTER#*
        s3:GetObject, s3:PutObject, s3:PutObjectRetention | bucket/heads/*
        s3:ListBucket | bucket | under heads/*
        kms:Sign | statement key | as DIGEST | by ECDSA_SHA_256
        kms:GetPublicKey | statement key
        kms:Decrypt | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
    """,
    "render_receipt": """
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#* RECEIPT#*
        s3:GetObject | bucket/receipts/* bucket/seal/* bucket/slips/* bucket/submissions/*
        s3:ListBucket | bucket | under receipts/* seal/* slips/* submissions/*
        kms:Sign | seal's key | as RAW | by ECDSA_SHA_256
        s3:GetObjectRetention, s3:GetObjectVersionTagging, \
        s3:PutObjectRetention, s3:PutObjectVersionTagging | bucket/attachments/*
        s3:PutObject, s3:PutObjectRetention | bucket/receipts/*
        s3:PutObject | bucket/slips/*
        sqs:SendMessage | notifications
        sqs:SendMessage | webhooks
        sqs:SendMessage | receipts failed
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "send_notification": """
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:PutItem | table | on MAIL#*
        dynamodb:UpdateItem | table | on CAP#* MAIL#* ORGANISM
        dynamodb:GetItem | table | on CAP#*
        dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | sent once
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | notifications
        sqs:SendMessage | notifications
        ses:SendEmail | e-mail configuration e-mail identity | from ne-pas-repondre@courrier.example.ma
        sns:Publish | all but topics
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "turn_codes": """
        dynamodb:GetItem, dynamodb:UpdateItem | table | on MAIL#*
        lambda:InvokeFunction | render_receipt
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "resume_stalled": """
        dynamodb:Query | table/index/waiting
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:PutItem, dynamodb:Query, dynamodb:UpdateItem | table | on MAIL#*
        dynamodb:GetItem | table | on REGISTER#*
        dynamodb:PutItem | table | on WORDS#*
        s3:PutObject, s3:PutObjectRetention | bucket/submissions/*
        s3:GetObjectRetention, s3:GetObjectVersionTagging, \
        s3:PutObjectRetention, s3:PutObjectVersionTagging | bucket/answers/*
        sqs:SendMessage | notifications
        lambda:InvokeFunction | render_receipt
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "stamp_receipts": """
        dynamodb:Query | table/index/waiting
        dynamodb:DeleteItem, dynamodb:GetItem | table | on MAIL#*
        dynamodb:UpdateItem | table | on MAIL#* RECEIPT#*
        s3:GetObject, s3:PutObject, s3:PutObjectRetention | bucket/receipts/*
        s3:GetObject | bucket/seal/*
        s3:ListBucket | bucket | under receipts/* seal/*
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
    """,
    "note_bounce": """
        dynamodb:GetItem, dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem, dynamodb:PutItem | table | on MAIL#*
        dynamodb:UpdateItem | table | on CAP#* MAIL#* ORGANISM
        dynamodb:GetItem | table | on CAP#*
        sqs:SendMessage | notifications
        sns:Publish | operators
        sqs:SendMessage | events failed
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for sns
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "enrol_organisms": """
        dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem, dynamodb:UpdateItem | table | on ORGANISM
        dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem | table | on CODE#*
        dynamodb:BatchGetItem, dynamodb:ConditionCheckItem | table | on REGISTER#*
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
    """,
    "enrol_organism": """
        dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem, dynamodb:UpdateItem | table | on ORGANISM
        dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem | table | on CODE#*
        dynamodb:BatchGetItem, dynamodb:ConditionCheckItem | table | on REGISTER#*
        secretsmanager:GetSecretValue | webhook keys
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "call_webhook": """
        dynamodb:GetItem | table | on ORGANISM
        sqs:ChangeMessageVisibility, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | webhooks
        sqs:SendMessage | webhooks
        secretsmanager:GetSecretValue | webhook keys
        kms:Decrypt | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "note_scan": """
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:DeleteItem, dynamodb:UpdateItem | table | on MAIL#*
        s3:GetObjectVersion | bucket/answers/* bucket/attachments/*
        s3:GetObjectVersionTagging, s3:PutObjectVersionTagging | bucket/answers/* bucket/attachments/*
        s3:ListBucket | bucket | under answers/* attachments/*
        sqs:SendMessage | notifications
        sqs:SendMessage | events failed
        guardduty:SendObjectMalwareScan | *
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for s3
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "chase_scans": """
        dynamodb:Query | table/index/waiting
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:DeleteItem, dynamodb:UpdateItem | table | on MAIL#*
        s3:GetObject | bucket/answers/*
        s3:GetObjectVersion | bucket/answers/* bucket/attachments/*
        s3:GetObjectVersionTagging, s3:PutObjectVersionTagging | bucket/answers/* bucket/attachments/*
        s3:ListBucket | bucket | under answers/* attachments/*
        sqs:SendMessage | notifications
        sns:Publish | operators
        guardduty:SendObjectMalwareScan | *
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for s3
        kms:Decrypt, kms:GenerateDataKey | key | for sns
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "remind_organisms": """
        dynamodb:Query | table/index/waiting
        dynamodb:GetItem | table | on ORGANISM
        dynamodb:BatchGetItem, dynamodb:UpdateItem | table | on REGISTER#*
        dynamodb:PutItem | table | on MAIL#*
        sqs:SendMessage | notifications
        sns:Publish | operators
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for sns
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "enter_mail": """
        dynamodb:GetItem | table | on CLIENT#* ORGANISM
        dynamodb:PutItem | table | on MAIL#*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "list_inbox": """
        dynamodb:Query | table/index/desk table/index/desk_status
        dynamodb:Query | table | on WORDS#*
        dynamodb:BatchGetItem | table | on REGISTER#*
        dynamodb:GetItem | table | on CLIENT#* ORGANISM
        kms:Decrypt | key | for dynamodb
    """,
    "keep_templates": """
        dynamodb:GetItem | table | on CLIENT#*
        dynamodb:DeleteItem, dynamodb:PutItem, dynamodb:Query, dynamodb:UpdateItem | table | on TEMPLATES#*
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
    """,
    "open_mail": """
        dynamodb:GetItem | table | on CLIENT#* MAIL#* REGISTER#*
        dynamodb:Query | table | on MAIL#*
        dynamodb:PutItem | table | on MAIL#*
        dynamodb:UpdateItem | table | on REGISTER#* | only opened_at pk sk
        s3:GetObjectVersion | bucket/answers/* bucket/attachments/* | tagged NO_THREATS_FOUND
        s3:GetObjectVersion | bucket/answers/* bucket/attachments/* \
            | tagged ACCESS_DENIED FAILED NEVER_CAME UNSUPPORTED
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for s3
    """,
    "open_session": """
        cognito-idp:AdminInitiateAuth, cognito-idp:AdminRespondToAuthChallenge | user pool
        dynamodb:GetItem | table | on ORGANISM
        dynamodb:UpdateItem | table | on TRIES#*
        kms:Decrypt, kms:Encrypt | key | with the purpose challenge session
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
    """,
    "collect_mail": """
        dynamodb:GetItem | table | on CLIENT#* MAIL#* REGISTER#*
        dynamodb:Query | table | on MAIL#*
        dynamodb:PutItem | table | on MAIL#*
        dynamodb:UpdateItem | table | on MAIL#* REGISTER#*
        sqs:SendMessage | notifications
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "close_mail": """
        dynamodb:GetItem | table | on CLIENT#* MAIL#* REGISTER#*
        dynamodb:Query | table | on MAIL#*
        dynamodb:ConditionCheckItem, dynamodb:GetItem | table | on ORGANISM
        dynamodb:BatchGetItem | table | on ORGANISM REGISTER#*
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#* RECEIPT#* REGISTER#*
        dynamodb:PutItem | table | on WORDS#*
        s3:PutObject, s3:PutObjectRetention | bucket/submissions/*
        s3:GetObject, s3:PutObject, s3:PutObjectTagging | bucket/answers/*
        s3:ListBucket | bucket | under answers/*
        s3:GetObjectRetention, s3:GetObjectVersionTagging, \
        s3:PutObjectRetention, s3:PutObjectVersionTagging | bucket/answers/*
        sqs:SendMessage | notifications
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "manage_people": """
        dynamodb:GetItem | table | on ORGANISM
        cognito-idp:AdminAddUserToGroup, cognito-idp:AdminCreateUser, cognito-idp:AdminDeleteSoftwareToken, \
        cognito-idp:AdminDisableUser, cognito-idp:AdminEnableUser, cognito-idp:AdminGetUser, \
        cognito-idp:AdminListGroupsForUser, cognito-idp:AdminRemoveUserFromGroup, \
        cognito-idp:AdminUserGlobalSignOut, cognito-idp:CreateGroup, cognito-idp:ListUsers, \
        cognito-idp:ListUsersInGroup | user pool
        kms:Decrypt | key | for dynamodb
    """,
    "operate": """
        dynamodb:Query | table/index/waiting
        dynamodb:Query | table | on CAP#* ORGANISM
        dynamodb:Query | table | naming SPECIFIC_ATTRIBUTES | on MAIL#* | only pk sk submission
        dynamodb:GetItem | table | on CAP#*
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | receipts failed
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | events failed
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | notifications failed
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | webhooks failed
        sqs:SendMessage | notifications
        sqs:SendMessage | webhooks
        lambda:InvokeFunction | render_receipt
        lambda:InvokeFunction | note_scan
        lambda:InvokeFunction | note_bounce
        kms:Decrypt | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
}

STAND_INS = {
    "scan_file": """
        s3:GetObjectVersion, s3:GetObjectVersionTagging, s3:PutObjectVersionTagging \
            | bucket/answers/* bucket/attachments/*
        events:PutEvents | event bus
        kms:Decrypt | key | for s3
    """,
}
"""What stands in for a service of AWS, on the local stage alone."""
