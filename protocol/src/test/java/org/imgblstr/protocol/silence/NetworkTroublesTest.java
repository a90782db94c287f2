package org.imgblstr.protocol.silence;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.silence.Silence.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkTroublesTest {
    private static final long SECOND = 1_000_000_000;
    private static final InetSocketAddress GROUP = new InetSocketAddress("239.255.73.77", 18_765);
    private static final InetSocketAddress DATA_GROUP = new InetSocketAddress("239.255.200.1", 18_765);
    private static final InetSocketAddress MASTER = new InetSocketAddress("10.88.0.1", 18_766);

    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final NetworkTroubles troubles = new NetworkTroubles("eth1", GROUP, notes::add, warnings::add);

    @ParameterizedTest
    @EnumSource
    void eachSilenceIsOneLineThatNamesAPortOrAGroup(What what) {
        Silence silence = new Silence(what, 7, MASTER, DATA_GROUP);
        troubles.onSilence(silence, 0);
        assertThat(silence.isFault() ? warnings : notes)
                .singleElement()
                .asString()
                .contains(" 7 s")
                .doesNotContain("\n")
                .containsAnyOf("UDP 18765", "UDP 18766", "switch");
        assertThat(silence.isFault() ? notes : warnings).isEmpty();
    }

    @Test
    void aSlaveNamesItsInterfaceOrItsMaster() {
        troubles.onSilence(new Silence(What.NO_MASTER, 5, null, null), 0);
        troubles.onSilence(new Silence(What.NO_ANSWER, 6, MASTER, null), 0);
        assertThat(notes.get(0)).startsWith("nothing heard for 5 s on eth1:").contains("drops UDP 18765");
        assertThat(warnings.get(0))
                .startsWith("the master at 10.88.0.1 is heard but")
                .contains("drops UDP 18766");
    }

    @Test
    void aFirewallThatIsKnownIsNamedOnceAMinuteAndNothingIsGuessed() {
        for (int second = 0; second < 130; second++) {
            troubles.masterMayNotSend(MASTER, second * SECOND);
            troubles.onSilence(new Silence(What.NO_SLAVE, 10, MASTER, null), second * SECOND);
        }
        assertThat(warnings)
                .hasSize(3)
                .containsOnly("a firewall here does not let imgblstr send: allow output to UDP"
                        + " 18765 and from UDP 18766");
        assertThat(notes).isEmpty();
        troubles.onSilence(new Silence(What.NO_SLAVE, 150, MASTER, null), 150 * SECOND);
        assertThat(notes).hasSize(1);
    }

    @Test
    void anotherMasterIsNamedWithItsSession() {
        troubles.onOtherMaster(MASTER, "");
        troubles.onOtherMaster(MASTER, "red");
        assertThat(warnings.get(0)).startsWith("another master announces a session on this group: 10.88.0.1:18766;");
        assertThat(warnings.get(1)).startsWith("another master announces a session 'red' on this group");
    }

    @Test
    void aSlaveThatHasHeardNoMasterHasNoneToName() {
        troubles.slaveMayNotSend(null, 0);
        assertThat(warnings).isEmpty();
        troubles.slaveMayNotSend(MASTER, 0);
        assertThat(warnings).singleElement().asString().contains("10.88.0.1", "output to UDP 18766");
    }
}
