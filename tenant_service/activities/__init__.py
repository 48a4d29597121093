"""履职活动 (activities): from a draft to a closing report; who signs it off, and whom it is shared with."""
