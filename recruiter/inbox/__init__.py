"""Mail that comes in: what came back, complaints, and what people answer; taken, kept, told apart, acted upon."""
