"""What people do when each gains by what the others do: equilibria, walks towards them, firms, patience."""
