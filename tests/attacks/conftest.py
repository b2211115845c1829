"""The attacks are made on the service that the integration tests run: the real handlers on moto's AWS."""

from tests.integration.conftest import cloud, programs, service, shared_service

__all__ = ["cloud", "programs", "service", "shared_service"]
