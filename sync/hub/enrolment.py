"""Who has an account at the hub and what each may do, as the directory says: parties, and switchboards between them."""

from collections.abc import Iterable

from sync.bus import credentials
from sync.bus.credentials import Claims
from sync.bus.streams import Wanted
from sync.contract.trust.directory import Directory, Listed
from sync.hub import accounts
from sync.hub.keys import HubKeys
from sync.hub.plan import Act, Admit, Found, PushAccount, account_act

_SWITCHBOARD = "switchboard"
"""Name of the account that asks go through, and the beginning of those of the provinces'; no party's id has a space."""


class Enrolment:
    """Accounts by the hub's keys, for one directory."""

    def __init__(self, keys: HubKeys, directory: Directory, want: Wanted) -> None:
        self._keys, self._directory, self._want = keys, directory, want
        self._publics: dict[str, str] = {}

    def names(self) -> dict[str, str]:
        """Public account key → party, those included that are no longer active."""
        found = {self._public(each): id for id, each in self._directory.entries.items()}
        return {public: id for public, id in found.items() if public}

    def active(self) -> list[str]:
        return [id for id in self._directory.entries if self._directory.is_active(id)]

    def admitted_here(self) -> Iterable[str]:
        """Active parties who keep no account key of their own."""
        return (id for id in self.active() if not self._directory.entries[id].nats_account)

    def admissions(self, found: Found) -> list[Act]:
        """Of active parties without a key of their own who were given no account, neither here nor at another place."""
        mine = [id for id in self.admitted_here() if not self._keys.is_admitted(id)]
        return [Admit(id) for id in mine if self._public(self._directory.entries[id]) not in found.accounts]

    def acts(self, found: Found) -> tuple[list[Act], list[Act], list[Act]]:
        """Accounts to be disabled; new ones, without imports, so that none imports from an unknown one; all others."""
        introduce: list[Act] = []
        declare: list[Act] = []
        wanted = self.claims()
        for name, (public, claims) in wanted.items():
            if public not in found.accounts:
                introduce.append(PushAccount(name, public, {**claims, "imports": []}))
            declare += account_act(name, public, claims, found)
        kept = {self._keys.system.public, self._keys.hub.public, *(public for public, _ in wanted.values())}
        gone = {public: told.name for public, told in found.accounts.items() if public not in kept}
        disabled = credentials.disabled_account()
        disable = [act for public, name in gone.items() for act in account_act(name, public, disabled, found)]
        return disable, introduce, declare

    def claims(self) -> dict[str, tuple[str, Claims]]:
        """Active party or switchboard → public key of its account, and what it may do."""
        told = {id: self._public(self._directory.entries[id]) for id in self.active()}
        active = {id: public for id, public in told.items() if public}
        committees = {id: public for id, public in active.items() if id in self._directory.committees}
        found = self._switchboards(committees)
        hub, (switchboard, _) = self._keys.hub.public, found[_SWITCHBOARD]
        for id, public in active.items():
            if self._directory.entries[id].kind == "gateway":
                found[id] = public, accounts.gateway(id, hub, committees)
            else:
                found[id] = public, accounts.committee(id, self._want, hub, switchboard, committees)
        return found

    def _switchboards(self, committees: dict[str, str]) -> dict[str, tuple[str, Claims]]:
        provinces = accounts.by_province(committees)
        keys = {each: self._keys.account(f"{_SWITCHBOARD} {each}").public for each in provinces}
        found = {
            f"{_SWITCHBOARD} {each}": (keys[each], accounts.province_switchboard(each, provinces[each]))
            for each in provinces
        }
        return {_SWITCHBOARD: (self._keys.account(_SWITCHBOARD).public, accounts.switchboard(keys)), **found}

    def _public(self, party: Listed) -> str:
        """Public key of its account; the directory's word counts, the key made here is for those without one."""
        if party.id not in self._publics:
            self._publics[party.id] = self._keys.account(party.id).public
        return party.nats_account or self._publics[party.id]
