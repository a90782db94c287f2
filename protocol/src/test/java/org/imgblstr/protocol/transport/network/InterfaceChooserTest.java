package org.imgblstr.protocol.transport.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterfaceChooserTest {
    private static final InterfaceCandidate LO =
            new InterfaceCandidate("lo", true, false, true, addresses("127.0.0.1"));
    private static final InterfaceCandidate ETH0 = lan("eth0", "192.0.2.2");
    private static final InterfaceCandidate ETH1 = lan("eth1", "198.51.100.7");
    private static final InterfaceCandidate BRIDGED = lan("eth2");
    private static final InterfaceCandidate TUNNEL =
            new InterfaceCandidate("tun0", true, false, false, addresses("10.8.0.2"));
    private static final InterfaceCandidate DOWN =
            new InterfaceCandidate("eth9", false, true, false, addresses("203.0.113.9"));

    @Test
    void aNamedInterfaceWinsOverTheDefaultRoute() throws InterfaceException {
        assertThat(choose("eth1", List.of("eth0"), LO, ETH0, ETH1)).isEqualTo("eth1 198.51.100.7");
        assertThat(choose("lo", List.of("eth0"), LO, ETH0, ETH1)).isEqualTo("lo 127.0.0.1");
    }

    @Test
    void anInterfaceIsAlsoFoundByEachOfItsAddresses() throws InterfaceException {
        InterfaceCandidate two = lan("eth3", "fd00::3", "192.0.2.3", "192.0.2.4");
        assertThat(choose("192.0.2.4", List.of(), LO, ETH0, two)).isEqualTo("eth3 192.0.2.4");
        assertThat(choose("fd00::3", List.of(), LO, ETH0, two)).isEqualTo("eth3 192.0.2.3");
    }

    @Test
    void theDefaultRouteDecidesWhenNoneIsNamed() throws InterfaceException {
        assertThat(choose(null, List.of("eth1"), LO, ETH0, ETH1)).isEqualTo("eth1 198.51.100.7");
    }

    @Test
    void aDefaultRouteThroughATunnelDoesNotDecide() throws InterfaceException {
        assertThat(choose(null, List.of("tun0"), LO, TUNNEL, ETH0)).isEqualTo("eth0 192.0.2.2");
    }

    @Test
    void theOnlyInterfaceIsTakenWithoutARoute() throws InterfaceException {
        assertThat(choose(null, List.of(), LO, ETH0, DOWN)).isEqualTo("eth0 192.0.2.2");
    }

    @Test
    void anInterfaceWithoutIpv4IsNoRivalOfOneThatHasIt() throws InterfaceException {
        assertThat(choose(null, List.of(), LO, ETH0, BRIDGED)).isEqualTo("eth0 192.0.2.2");
    }

    @Test
    void loopbackIsTakenOnlyWhenItIsNamed() throws InterfaceException {
        assertThat(choose("lo", List.of(), LO, DOWN)).isEqualTo("lo 127.0.0.1");
        assertThatThrownBy(() -> choose(null, List.of(), LO, DOWN))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContainingAll("no network interface is up and has a link", "eth9", "--interface lo");
        assertThatThrownBy(() -> choose(null, List.of(), LO))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContaining("--interface lo");
    }

    @Test
    void waitingHelpsWhereALinkOrAnAddressIsLackingAndNowhereElse() {
        assertThat(failure(null, LO, DOWN).mayPass()).isTrue();
        assertThat(failure(null, LO).mayPass()).isTrue();
        assertThat(failure("eth9", LO, DOWN).mayPass()).isTrue();
        assertThat(failure("eth2", LO, BRIDGED).mayPass()).isTrue();
        assertThat(failure(null, LO, BRIDGED, lan("eth3")).mayPass())
                .as("two without an address: which one is meant shows when one gets it")
                .isTrue();
        assertThat(failure("wlan0", LO, ETH0).mayPass()).isFalse();
        assertThat(failure(null, LO, ETH0, ETH1).mayPass()).isFalse();
        assertThat(failure(null, LO, ETH0, ETH1).isWrongUsage()).isTrue();
        assertThat(failure("wlan0", LO, ETH0).isWrongUsage()).isFalse();
    }

    private static InterfaceException failure(String wanted, InterfaceCandidate... candidates) {
        return catchThrowableOfType(InterfaceException.class, () -> choose(wanted, List.of(), candidates));
    }

    @Test
    void severalInterfacesAreListedNotGuessed() {
        assertThatThrownBy(() -> choose(null, List.of(), LO, ETH0, ETH1))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContainingAll("several", "eth0 (192.0.2.2)", "eth1 (198.51.100.7)", "--interface")
                .hasMessageNotContaining("lo (");
        assertThatThrownBy(() -> choose(null, List.of("eth0", "eth1"), LO, ETH0, ETH1))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContaining("have the default route");
    }

    @Test
    void anUnknownNameListsWhatThereIs() {
        assertThatThrownBy(() -> choose("wlan0", List.of(), LO, ETH0, DOWN))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContainingAll("wlan0", "eth0 (192.0.2.2)", "eth9 (203.0.113.9, down)");
        assertThatThrownBy(() -> choose("192.0.2.99", List.of(), LO, ETH0))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContaining("192.0.2.99");
    }

    @Test
    void withoutIpv4OrLinkTheRemedyIsSaid() {
        assertThatThrownBy(() -> choose("eth2", List.of(), LO, ETH0, BRIDGED))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContainingAll("eth2 has no IPv4 address", "ip addr add");
        assertThatThrownBy(() -> choose(null, List.of(), LO, BRIDGED))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContaining("eth2 has no IPv4 address");
        assertThatThrownBy(() -> choose("203.0.113.9", List.of(), LO, DOWN))
                .isInstanceOf(InterfaceException.class)
                .hasMessageContaining("eth9 is down");
    }

    @Test
    void theRealLoopbackIsFoundByNameAndByAddress() throws InterfaceException {
        NetworkChoice byName = InterfaceChooser.choose("lo");
        NetworkChoice byAddress = InterfaceChooser.choose("127.0.0.1");
        assertThat(byName).isEqualTo(byAddress);
        assertThat(byName.networkInterface().getName()).isEqualTo("lo");
        assertThat(byName.nodeAddress()).isZero();
        assertThat(byName.maxDatagramBytes()).isBetween(1472, 65_507);
    }

    private static String choose(String wanted, List<String> defaultRoutes, InterfaceCandidate... candidates)
            throws InterfaceException {
        InterfaceChooser.Choice choice = InterfaceChooser.choose(wanted, List.of(candidates), defaultRoutes);
        return choice.name() + " " + choice.address().getHostAddress();
    }

    private static InterfaceCandidate lan(String name, String... addresses) {
        return new InterfaceCandidate(name, true, true, false, addresses(addresses));
    }

    private static List<InetAddress> addresses(String... literals) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            try {
                addresses.add(InetAddress.getByName(literal)); // literals ask no name server
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(literal, e);
            }
        }
        return addresses;
    }
}
