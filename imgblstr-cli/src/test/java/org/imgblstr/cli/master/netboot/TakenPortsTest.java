package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines as ss of iproute2 6.1 writes them. */
class TakenPortsTest {
    @Test
    void whoHearsTheMachinesOfThisNetworkIsNamed() {
        assertThat(TakenPorts.holders(
                        List.of(
                                "UNCONN 0      0         0.0.0.0%eth0:67        0.0.0.0:*    users:((\"dnsmasq\",pid=812,fd=4))",
                                "UNCONN 0      0            10.77.0.1:69        0.0.0.0:*    users:((\"in.tftpd\",pid=9,fd=3),(\"x\",pid=10,fd=3))",
                                "UNCONN 0      0                    *:4011            *:*",
                                "UNCONN 0      0                 [::]:69           [::]:*    users:((\"tftpd\",pid=11,fd=4))"),
                        Rooms.NETWORK))
                .containsExactly(
                        "UDP port 4011 by a program without a name",
                        "UDP port 67 by dnsmasq (process 812)",
                        "UDP port 69 by in.tftpd (process 9)",
                        "UDP port 69 by tftpd (process 11)");
    }

    @Test
    void whoServesAnotherInterfaceOrPortIsNotInTheWay() {
        assertThat(TakenPorts.holders(
                        List.of(
                                "UNCONN 0      0       0.0.0.0%virbr0:67        0.0.0.0:*    users:((\"dnsmasq\",pid=812,fd=4))",
                                "UNCONN 0      0        192.168.122.1:69        0.0.0.0:*    users:((\"dnsmasq\",pid=812,fd=5))",
                                "UNCONN 0      0         0.0.0.0%eth0:68        0.0.0.0:*    users:((\"dhclient\",pid=7,fd=5))",
                                "UNCONN 0      0    [fe80::1]%eth0:546          [::]:*    users:((\"NetworkManager\",pid=8,fd=5))",
                                ""),
                        Rooms.NETWORK))
                .isEmpty();
    }
}
