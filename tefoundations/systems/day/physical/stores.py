"""What is stored in each device while the day goes on, and what a device does that nobody steers."""

from tefoundations.programmes import is_zero


class Stores:
    """Stored energy of the devices of a plan (kWh), by position in the lane's list.

    Parameters
    ----------
    plan : DayPlan
    """

    def __init__(self, plan):
        lane = plan.lane
        self.steps = {i: lane.stores[i].over(len(lane.outside), lane.hours) for i in lane.moving}
        self.stored = {i: steps.initial for i, steps in self.steps.items()}
        self.least = {i: steps.least for i, steps in self.steps.items()}

    def move(self, i, t, energy):
        """A device takes (above 0) or gives so many kWh in step t of the day."""
        steps = self.steps[i]
        self.stored[i] = steps.after(t - steps.at.start, self.stored[i], energy)

    def habit(self, i, t, wanted):
        """What a device takes in step t that would do as it always does, as far as its store allows (kWh)."""
        steps, k = self.steps[i], t - self.steps[i].at.start
        kept, gain = steps.kept * self.stored[i] - steps.need[k], steps.gain[k]
        take, give = steps.most_in[k] / gain, steps.most_out * steps.out
        must = max(self.least[i][k + 1] - kept, 0.0) / gain
        room, there = max(steps.energy - kept, 0.0) / gain, max(kept - self.least[i][k + 1], 0.0) * steps.out
        energy = min(max(wanted, -min(give, there), must), take, max(room, must))
        return 0.0 if is_zero(energy, of=take) else energy
