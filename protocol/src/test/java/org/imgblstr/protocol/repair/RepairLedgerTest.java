package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairLedgerTest {
    @Test
    void aRepairIsOnItsWayUntilTheSlaveHasSeenItsLastDatagram() {
        RepairLedger ledger = new RepairLedger(10_000);
        ledger.onSent(5000, 3, 100);
        assertThat(ledger.isOnItsWay(5000, 99)).isTrue();
        assertThat(ledger.isOnItsWay(5000, 100)).isFalse();
        assertThat(ledger.isOnItsWay(5001, 0)).isFalse();
    }

    @Test
    void sequencesWrap() {
        RepairLedger ledger = new RepairLedger(10);
        ledger.onSent(1, 0, 5);
        assertThat(ledger.isOnItsWay(1, 0xFFFF_FFF0)).isTrue();
        assertThat(ledger.isOnItsWay(1, 6)).isFalse();
    }

    /** A session of some terabytes sends more than 2^31 datagrams behind a repair. */
    @Test
    void aRepairOfLongAgoIsNotOnItsWay() {
        RepairLedger ledger = new RepairLedger(10);
        ledger.onSent(1, 3, 100);

        for (long round = 0; round < 64; round++) {
            int seen = (int) (100 + (round << 26));
            assertThat(ledger.isOnItsWay(1, seen)).as("seen %s", seen).isEqualTo(round == 63);
        }
    }

    @Test
    void rowsAreCountedOnAndSourceSymbolsAreNot() {
        RepairLedger ledger = new RepairLedger(10);
        ledger.onSent(1, 3, 1);
        ledger.onSent(1, 0, 2);
        ledger.onSent(1, 4, 3);
        assertThat(ledger.paritySent(1)).isEqualTo(7);
        for (int i = 0; i < 400; i++) {
            ledger.onSent(1, 200, 4);
        }
        assertThat(ledger.paritySent(1)).isPositive();
    }

    @Test
    void theLongestImageFits() {
        RepairLedger ledger = new RepairLedger(Integer.MAX_VALUE);

        assertThat(ledger.isOnItsWay(Integer.MAX_VALUE - 1, 0)).isFalse();
    }
}
