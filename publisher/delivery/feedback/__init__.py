"""What comes back: bounces and complaints are read, matched to deliveries, and acted on."""
