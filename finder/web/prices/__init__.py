"""What a visit costs on every card, by the visitor's own insurance where they answered the questions."""
