"""How long what is kept: the rules with their floors. No Django: the settings ask.

A setting may keep things longer than the rule, never shorter than the floor: a shorter one is refused at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kaoping.support import environment


@dataclass(frozen=True, slots=True)
class Rule:
    """``days`` without a setting, never fewer than ``floor``; ``basis`` says why the floor is where it is."""

    setting: str
    what: str
    days: int
    floor: int
    basis: str

    def kept(self) -> timedelta:
        """How long, by the setting. Raises ``SettingError`` below the floor or for what is no number."""
        text = environment.read(self.setting, str(self.days)).strip()
        if not text.isdigit() or len(text) > _MOST_DIGITS:
            raise environment.SettingError(f"{self.setting} 应写天数，如 {self.days}")
        if int(text) < self.floor:
            raise environment.SettingError(f"{self.setting} 不能少于 {self.floor} 天：{self.basis}")
        return timedelta(days=int(text))

    def words(self) -> str:
        """The rule as it stands in the record of a removal."""
        return f"{self.what}存 {self.kept().days} 天（{self.setting}，下限 {self.floor} 天：{self.basis}）"


_MOST_DIGITS: Final = 5
_KEEP_SIGN_INS: Final = "KAOPING_KEEP_SIGN_INS_DAYS"
_KEEP_RUNS: Final = "KAOPING_KEEP_RUNS_DAYS"
SIGN_INS: Final = Rule(_KEEP_SIGN_INS, "登录记录", 400, 184, "网络日志至少留存六个月（网络安全法第二十一条）")
RUNS: Final = Rule(_KEEP_RUNS, "监测存档", 800, 400, "一个考核年度连同复核、更正办完以前要能重查")
RULES: Final = (SIGN_INS, RUNS)
