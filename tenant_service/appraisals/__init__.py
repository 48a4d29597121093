"""民主评议 (appraisals): members appraise a body by secret ballot; what came of it is published and settled."""
