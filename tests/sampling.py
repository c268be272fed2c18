"""How long tests sample where they need a posterior of the right shape, whatever it says."""

from harmattan.model.specification import SamplerSettings

SHORT = SamplerSettings(draws=60, tune=60, chains=2)
