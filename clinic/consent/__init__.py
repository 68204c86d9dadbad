"""Who may see a patient's content: consents, the one decision, and its clearances."""
