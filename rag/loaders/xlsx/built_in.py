"""The format codes that have a number instead of a text (ECMA-376, part 1, 18.8.30)."""

from __future__ import annotations

_DATE = "yyyy-mm-dd"
BUILT_IN = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00",
    "5": "#,##0;-#,##0", "6": "#,##0;-#,##0", "7": "#,##0.00;-#,##0.00", "8": "#,##0.00;-#,##0.00",
    "9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?", "13": "# ??/??", "14": _DATE,
    "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm AM/PM", "19": "h:mm:ss AM/PM",
    "20": "h:mm", "21": "h:mm:ss", "22": f"{_DATE} h:mm", **{str(n): _DATE for n in range(27, 37)},
    "37": "#,##0;(#,##0)", "38": "#,##0;(#,##0)", "39": "#,##0.00;(#,##0.00)",
    "40": "#,##0.00;(#,##0.00)", "41": "#,##0;-#,##0", "42": "#,##0;-#,##0",
    "43": "#,##0.00;-#,##0.00", "44": "#,##0.00;-#,##0.00", "45": "mm:ss", "46": "[h]:mm:ss",
    "47": "mm:ss.0", "48": "##0.0E+0", "49": "@", **{str(n): _DATE for n in range(50, 59)},
}  # fmt: skip
"""By number, as text. Those of money (5 to 8, 42, 44) show the sign of the reader's country, which
is left out."""
