"""How good a model is, shown and judged: metrics, figures, the report and the gate."""
