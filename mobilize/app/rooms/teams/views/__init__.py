"""What a team's pages show, as plain data from its sight alone and the public scenario."""
