package org.imgblstr.protocol.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.imgblstr.protocol.transport.DataGroup;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class KernelTablesTest {
    private static final String ROUTE_HEADER =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";

    @Test
    void theDefaultRouteOfLowestMetricIsFound() {
        assertThat(RouteTable.defaultRouteInterfaces(List.of(
                        ROUTE_HEADER,
                        "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0",
                        "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0   ",
                        "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0")))
                .containsExactly("eth0");
    }

    @Test
    void twoDefaultRoutesOfOneMetricAreBothFound() {
        assertThat(RouteTable.defaultRouteInterfaces(List.of(
                        ROUTE_HEADER,
                        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                        "eth0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                        "eth1\t00000000\t010300C0\t0003\t0\t0\t0\t00000000\t0\t0\t0")))
                .containsExactly("eth0", "eth1");
    }

    @Test
    void routesThatAreDownRejectedHalvedOrMalformedAreNotDefaultRoutes() {
        assertThat(RouteTable.defaultRouteInterfaces(List.of(
                        ROUTE_HEADER,
                        "",
                        "eth0\t00000000",
                        "down\t00000000\t010200C0\t0002\t0\t0\t0\t00000000\t0\t0\t0",
                        "reject\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0",
                        "half\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0",
                        "nonsense\tzzzzzzzz\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0")))
                .isEmpty();
    }

    @Test
    void aGroupIsFoundOnlyUnderItsInterface() throws UnknownHostException {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the sample is of a little-endian machine");
        List<String> table = List.of(
                "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter",
                "1\tlo        :     1      V3",
                "\t\t\t\t010000E0     1 0:00000000\t\t0",
                "4\teth0      :     2      V3",
                "\t\t\t\t4D49FFEF     1 0:00000000\t\t0",
                "\t\t\t\t010000E0     1 0:00000000\t\t0",
                "15\teth0.100:     1      V3",
                "\t\t\t\t0A80FFEF     1 0:00000000\t\t0");
        assertThat(IgmpTable.isJoined(table, "eth0", group("239.255.73.77"))).isTrue();
        assertThat(IgmpTable.isJoined(table, "lo", group("239.255.73.77"))).isFalse();
        assertThat(IgmpTable.isJoined(table, "eth0.100", group("239.255.128.10")))
                .isTrue();
        assertThat(IgmpTable.isJoined(table, "eth0", group("239.255.128.10"))).isFalse();
    }

    private static final InetSocketAddress RENDEZVOUS = new InetSocketAddress("239.255.73.77", 18_765);

    @Test
    void dataGroupsStayInTheirRangesAndAreSpreadOverThem() {
        Set<InetSocketAddress> seen = new HashSet<>();
        for (long sessionId = -5_000; sessionId < 5_000; sessionId++) {
            InetSocketAddress group = DataGroup.of(sessionId, RENDEZVOUS);
            byte[] address = group.getAddress().getAddress();
            assertThat(address[0] & 0xFF).isEqualTo(239);
            assertThat(address[1] & 0xFF).isEqualTo(255);
            assertThat(address[2] & 0xFF).isBetween(128, 255);
            assertThat(group.getPort()).isEqualTo(RENDEZVOUS.getPort());
            seen.add(group);
        }
        // 10000 draws of 32768: 8600 different ones are expected
        assertThat(seen).hasSizeGreaterThan(8_400);
        assertThat(DataGroup.of(42, RENDEZVOUS)).isEqualTo(DataGroup.of(42, RENDEZVOUS));
    }

    @Test
    void theDataGroupIsNeverTheRendezvousGroup() {
        InetSocketAddress rendezvous = DataGroup.of(42, RENDEZVOUS);
        assertThat(DataGroup.of(42, rendezvous)).isNotEqualTo(rendezvous);
        assertThat(DataGroup.of(42, rendezvous).getPort()).isEqualTo(rendezvous.getPort());
    }

    private static Inet4Address group(String literal) throws UnknownHostException {
        return (Inet4Address) InetAddress.getByName(literal);
    }
}
