"""The sample firm: Harbour & Pine of Lisbon, with 60 people in every state that the product knows."""
