"""The logical ids of what holds state, as CloudFormation first made it.

A logical id follows from the constructs' ids and their nesting. Another id is another resource: CloudFormation makes an
empty one, abandons the one with the data, and fails at once where the name is fixed. So never copy a synthesised
template's ids into this list to make its test pass. Where a construct was moved or renamed, give it its old place and
id. Only what is new, and holds nothing yet, comes into the list; only what was given up on purpose, with its data,
goes.
"""

IN_EVERY_STAGE = {
    "EMailConfigurationC6F7BAA5": "AWS::SES::ConfigurationSet",
    "EMailIdentity9F952CEA": "AWS::SES::EmailIdentity",
    "EventsQueue7396B467": "AWS::SQS::Queue",
    "FilesBucket7C17EE2E": "AWS::S3::Bucket",
    "IdentityOperators9502E178": "AWS::Cognito::UserPoolGroup",
    "IdentityPool9E5AED46": "AWS::Cognito::UserPool",
    "IdentityPoolDomain8A19A96F": "AWS::Cognito::UserPoolDomain",
    "IdentityPoolMailroom411A70CB": "AWS::Cognito::UserPoolResourceServer",
    "IdentityPoolPeople19B18209": "AWS::Cognito::UserPoolClient",
    "Key961B73FD": "AWS::KMS::Key",
    "KeyAlias910D852D": "AWS::KMS::Alias",
    "NotificationsQueue292FB19E": "AWS::SQS::Queue",
    "NotificationsQueue91395D8F": "AWS::SQS::Queue",
    "OperatorsTopic2DD4C591": "AWS::SNS::Topic",
    "ReceiptsQueue4CA61331": "AWS::SQS::Queue",
    "RecordsTableC9B7A30B": "AWS::DynamoDB::Table",
    "SentOnceTableEC4E3B88": "AWS::DynamoDB::Table",
    "TokensSecretA6069DB5": "AWS::SecretsManager::Secret",
    "WebhookKeysSecretDC670954": "AWS::SecretsManager::Secret",
    "WebhooksQueue9FEFA2C1": "AWS::SQS::Queue",
    "WebhooksQueueCBC86013": "AWS::SQS::Queue",
}

OF_A_STAGE = {
    "local": {
        "SealKeysbureauordrelocalseal2026Alias9C386F56": "AWS::KMS::Alias",
        "SealKeysbureauordrelocalseal2026C2CBEA33": "AWS::KMS::Key",
        "StatementKeysbureauordrelocalstatements2026A47998EF": "AWS::KMS::Key",
        "StatementKeysbureauordrelocalstatements2026Alias18E0CFF2": "AWS::KMS::Alias",
    },
    "dev": {
        "SealKeysbureauordredevseal202656B49A88": "AWS::KMS::Key",
        "SealKeysbureauordredevseal2026Alias4593E30D": "AWS::KMS::Alias",
        "StatementKeysbureauordredevstatements2026Alias79446DC4": "AWS::KMS::Alias",
        "StatementKeysbureauordredevstatements2026C0FDC29B": "AWS::KMS::Key",
    },
    "prod": {
        "Origin2026Secret48861570": "AWS::SecretsManager::Secret",
        "SealKeysbureauordreprodseal2026Alias2A1FB44D": "AWS::KMS::Alias",
        "SealKeysbureauordreprodseal2026C16E12AF": "AWS::KMS::Key",
        "StatementKeysbureauordreprodstatements202690B8BF38": "AWS::KMS::Key",
        "StatementKeysbureauordreprodstatements2026Alias280AA083": "AWS::KMS::Alias",
    },
}
"""The keys that sign, and their aliases, and the secrets of the distribution: a stage names them, and their ids hold
the name."""
