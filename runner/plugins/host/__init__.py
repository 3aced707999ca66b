"""What the host does for a guest: one JSON message in, one out (docs/PLUGINS.md)."""

from runner.plugins.host.host import Host, make_host
from runner.plugins.host.services import Message, Services

__all__ = ["Host", "Message", "Services", "make_host"]
