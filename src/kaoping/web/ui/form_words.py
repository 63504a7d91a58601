"""What every form says of a field that does not do, where the field says nothing of its own: one place for all forms.

Each sentence says what to do. They stand in the framework's place, so that no form has to repeat them.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core import validators
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet

from kaoping.foreign.glyphs import glyphs

FIELDS: Final[dict[type[Any], dict[str, str]]] = {
    forms.Field: {"required": "请填写这一栏。"},
    forms.IntegerField: {"invalid": "请填整数，用半角数字。"},
    forms.FloatField: {"invalid": "请填数字，用半角。"},
    forms.DecimalField: {"invalid": "请填数字，用半角。"},
    forms.DateField: {"invalid": "日期请写成 2025-01-31 的样子，数字用半角。"},
    forms.TimeField: {"invalid": "时间请写成 09:30 的样子，数字用半角。"},
    forms.DateTimeField: {"invalid": "时间请写成 2025-01-31 09:30 的样子，数字用半角。"},
    forms.DurationField: {
        "invalid": "请填一段时间，用半角数字。",
        "overflow": "天数请填 {min_days} 到 {max_days}。",
    },
    forms.FileField: {
        "required": "请选一个文件。",
        "invalid": "没有收到文件，请重新选择后再提交。",
        "missing": "没有收到文件，请重新选择后再提交。",
        "empty": "这个文件是空的，请换一个。",
        "max_length": "文件名最多 %(max)d 个字，这个有 %(length)d 个字，请改短后再选。",
        "contradiction": "请或者选新文件，或者勾选撤去，不要两样都做。",
    },
    forms.ImageField: {"invalid_image": "这不是能打开的图片，请换 JPG 或 PNG。"},
    forms.URLField: {"invalid": "请写完整网址，以 http:// 或 https:// 开头。"},
    forms.BooleanField: {"required": "请勾选。"},
    forms.ChoiceField: {
        "required": "请选一项。",
        "invalid_choice": "请从列出的选项里选一项。",
    },
    forms.MultipleChoiceField: {
        "required": "请至少选一项。",
        "invalid_choice": "请从列出的选项里选。",
        "invalid_list": "请从列出的选项里选。",
    },
    forms.MultiValueField: {"invalid": "请把这一栏填完整。", "incomplete": "请把这一栏填完整。"},
    forms.UUIDField: {"invalid": "这一栏的编号不对，请刷新这一页后重填。"},
    forms.JSONField: {"invalid": "这一栏的内容读不出，请刷新这一页后重填。"},
    BaseFormSet: {
        "missing_management_form": "这张表单没有收全，请刷新这一页后重填。",
        "too_many_forms": "最多填 %(num)d 行，请删去多的。",
        "too_few_forms": "至少填 %(num)d 行。",
    },
}
VALIDATORS: Final[dict[type[Any], str]] = {
    validators.RegexValidator: "这样写不行，请照提示改。",
    validators.DomainNameValidator: "请写网站的域名，例如 www.example.gov.cn。",
    validators.URLValidator: "请写完整网址，以 http:// 或 https:// 开头。",
    validators.EmailValidator: "请写完整的电子邮箱地址。",
    validators.BaseValidator: "应为 %(limit_value)s，现在是 %(show_value)s，请改。",
    validators.MaxValueValidator: "最大 %(limit_value)s，请改小。",
    validators.MinValueValidator: "最小 %(limit_value)s，请改大。",
    validators.StepValueValidator: "应为 %(limit_value)s 的倍数，请改。",
    validators.MinLengthValidator: "至少写 %(limit_value)d 个字，现在 %(show_value)d 个字，请补充。",
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在 %(show_value)d 个字，请删短后再提交。",
    validators.FileExtensionValidator: "不收 %(extension)s 文件，请换成 %(allowed_extensions)s。",
    validators.ProhibitNullCharactersValidator: "含有看不见的字符（NUL），请删去后重新输入。",
}


_COMMON: Final = frozenset(
    [*(text for words in FIELDS.values() for text in words.values()), *VALIDATORS.values()]
)


def named(bound: BoundField) -> list[str]:
    """What is wrong with a field, away from the field: a sentence that any field may say begins with its label."""
    return [
        f"{bound.label}：{text}" if one.message in _COMMON else text
        for one in bound.errors.as_data()
        for text in one.messages
    ]


def _is_written(field: forms.Field, value: Any) -> None:
    """The framework's own check, for which signs that nobody sees are no text."""
    forms.Field.validate(field, value)
    if field.required and isinstance(value, str) and not glyphs(value):
        raise forms.ValidationError(field.error_messages["required"], code="required")


def install() -> None:
    """Put the sentences in the framework's place; done once, when the program starts."""
    forms.CharField.validate = _is_written  # type: ignore[method-assign, assignment]
    for field, words in FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence
