"""What the operator's desk and a seller's money page show; every query asks who is looking."""
