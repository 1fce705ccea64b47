"""The link to a real Kafka is a bad one, between two network namespaces: the ledger holds, and delivery resumes."""


from support import faults
from support.kafka import Kafka
from support.network import Network
from support.road_test import PROGRAMS
from trips import TripTest
from demo.road import Road


class NetworkRoad(Road):
    """Sensors and agent in the vehicle's network, verify in the hub's."""

    network = None

    def _start(self, name, command):
        where = self.network.hub if name == "fleet-sim-verify" else self.network.vehicle
        return super()._start(name, [*where, *command])


@faults.needs_root
@faults.needs("ip", "tc")
class LinkTest(TripTest):
    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Network())
        self.road = NetworkRoad(PROGRAMS, self.folder, self.processes)
        self.road.network = self.network

    def begin(self, seconds):
        self.kafka = self.enterContext(Kafka(host=Network.hub_name, under=self.network.hub))
        self.leave(self.kafka.address, self.kafka.address, seconds, quick=True)

    def swallow(self, seconds):
        self.network.black_hole(True)
        self.outage(40 * seconds)
        self.network.black_hole(False)

    def test_the_link_is_a_black_hole_slow_and_nameless_by_turns(self):
        self.begin(16)
        self.swallow(3)
        self.network.slow("64kbit")
        self.messages(80)
        self.network.name_is_known(False)
        self.network.cut(True)
        self.outage(80)
        self.network.cut(False)
        self.messages(40)
        self.network.name_is_known(True)
        self.verdict("black hole, 64 kbit/s, no name, by turns")

    if faults.FULL:  # each by itself, and for longer

        def test_the_link_is_a_black_hole(self):
            self.begin(150)
            self.swallow(120)
            self.verdict("black hole for two minutes")

        def test_the_link_has_64_kbit(self):
            self.begin(60)
            self.network.cut(True)
            self.outage(1_200)
            self.network.slow("64kbit")
            self.network.cut(False)
            self.verdict("64 kbit/s, with a backlog")

        def test_the_link_flaps_for_ten_minutes(self):
            self.begin(600)
            flaps = 0
            while self.simulator.running:
                self.network.cut(flaps % 2 == 0)
                flaps += 1
                self.messages(40 * 3)
            self.network.cut(False)
            self.verdict("link flapping every 3 s for ten minutes", flaps)

        def test_the_name_is_gone(self):
            self.begin(60)
            self.network.name_is_known(False)
            self.network.cut(True)
            self.outage(400)
            self.network.cut(False)
            self.messages(800)
            self.network.name_is_known(True)
            self.verdict("the hub's name gone for 30 s")


if __name__ == "__main__":
    faults.main()
