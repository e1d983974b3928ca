"""Gets the public files over the network, politely, in pieces that outlive a stop. Nothing is read or staged here."""
