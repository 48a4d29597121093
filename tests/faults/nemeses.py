"""Every nemesis by its name."""

from tests.faults import nemeses_of_a_committee as committee
from tests.faults import nemeses_of_a_line as line
from tests.faults import nemeses_of_members as members
from tests.faults import nemeses_of_the_hub as hub
from tests.faults.scene import Nemesis

NEMESES: dict[str, Nemesis] = {
    "kill-hub": hub.kill_hub,
    "stop-hub": hub.stop_hub,
    "lose-store": hub.lose_store,
    "old-store": hub.old_store,
    "delete-messages": hub.delete_messages,
    "purge": hub.purge,
    "delete-stream": hub.delete_stream,
    "delete-consumer": hub.delete_consumer,
    "kill-committee": committee.kill_committee,
    "stop-committee": committee.stop_committee,
    "die-at-a-point": committee.die_at_a_point,
    "restore": committee.restore,
    "restore-live": committee.restore_live,
    "restore-twice": committee.restore_twice,
    "restore-with-store": committee.restore_with_store,
    "restore-and-die": committee.restore_and_die,
    "full-disk": committee.full_disk,
    "wrong-clock": committee.wrong_clock,
    "newer-release": committee.newer_release,
    "rotate-key": committee.rotate_key,
    "cut": line.cut,
    "half-open": line.half_open,
    "delay": line.delay,
    "drip": line.drip,
    "hostile-member": members.hostile_member,
    "revoke": members.revoke,
    "late-joiner": members.late_joiner,
}
