package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A golden datagram with one field out of its range and the right CRC is sound, but not valid. */
class HostileFieldTest {
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource({
        "DRIVE_GEOMETRY, 16, 00000001, session id is not the header's",
        "DRIVE_GEOMETRY, 20, 00000009, one cylinder too many",
        "DRIVE_GEOMETRY, 24, 0000, no heads",
        "DRIVE_GEOMETRY, 26, 0000, no sectors per track",
        "DRIVE_GEOMETRY, 26, FFFF, a track that 224 symbols cannot hold",
        "DRIVE_GEOMETRY, 28, 00000002, start cylinder behind the first region",
        "DRIVE_GEOMETRY, 32, 00000004, end cylinder before the end",
        "DRIVE_GEOMETRY, 36, 00000208, sectors of 520 bytes",
        "DRIVE_GEOMETRY, 36, 00000000, sectors of no bytes",
        "DRIVE_GEOMETRY, 40, 00000000, no tracks",
        "DRIVE_GEOMETRY, 40, 00000009, more tracks than the regions have",
        "DRIVE_GEOMETRY, 44, 0000000000000000, no disk",
        "DRIVE_GEOMETRY, 44, 8000000000004000, disk of 2^63 sectors",
        "DRIVE_GEOMETRY, 44, 7FFFFFFFFFFFFFFF, disk bytes overflow",
        "DRIVE_GEOMETRY, 44, 0000000000001000, disk ends before the region",
        "DRIVE_GEOMETRY, 52, FFFFFFFFFFFFFFFF, required bytes above 2^63",
        "DRIVE_GEOMETRY, 52, 0000000000800001, required bytes above the disk's",
        "DRIVE_GEOMETRY, 60, 0000, symbols of no bytes",
        "DRIVE_GEOMETRY, 60, 0492, symbols of 1170 bytes cannot hold a track",
        "DRIVE_GEOMETRY, 64, 00, state 0",
        "DRIVE_GEOMETRY, 64, 05, state 5",
        "DRIVE_GEOMETRY, 66, 05A3, probes of 1443 bytes are shorter than data",
        "DRIVE_GEOMETRY, 68, 80000000, repair window of 2^31 tracks",
        "DRIVE_GEOMETRY, 72, 00000009, send position behind the last track",
        "DRIVE_GEOMETRY, 72, FFFFFFFF, send position above 2^31",
        "DRIVE_GEOMETRY, 96, EF4D0102, master is a group",
        "DRIVE_GEOMETRY, 96, 00000000, master has no address",
        "DRIVE_GEOMETRY, 100, 0000, master has no port",
        "DRIVE_GEOMETRY, 102, 0000, data has no port",
        "DRIVE_GEOMETRY, 116, C0000202, data group is no group",
        "DRIVE_GEOMETRY, 144, 0000, no regions",
        "DRIVE_GEOMETRY, 144, 0003, more regions than bytes",
        "DRIVE_GEOMETRY, 144, 0031, 49 regions",
        "DRIVE_GEOMETRY, 144, FFFF, 65535 regions",
        "DRIVE_GEOMETRY, 146, 0006, label longer than the datagram",
        "DRIVE_GEOMETRY, 146, 0041, label of 65 bytes",
        "DRIVE_GEOMETRY, 146, 0105, session name longer than the datagram",
        "DRIVE_GEOMETRY, 146, 4105, session name of 65 bytes",
        "DRIVE_GEOMETRY, 148, 80000000, partition number above 2^31",
        "DRIVE_GEOMETRY, 152, FFFFFFFFFFFFFFFF, region starts above 2^63",
        "DRIVE_GEOMETRY, 152, 7FFFFFFFFFFFFFFF, region ends above 2^63",
        "DRIVE_GEOMETRY, 160, 0000000000000000, region of no sectors",
        "DRIVE_GEOMETRY, 160, FFFFFFFFFFFFFFFF, region of 2^64 - 1 sectors",
        "RSVP, 36, FFFFFFFFFFFFFFFF, device above 2^63",
        "RSVP, 44, 80000000, sectors of 2^31 bytes",
        "RSVP, 50, 0000, takes no symbol",
        "RSVP, 52, 00000000, no slots",
        "RSVP, 52, FFFFFFFF, 2^32 - 1 slots",
        "RSVP, 56, 00, intent 0",
        "RSVP, 56, 02, intent 2 without a reason",
        "RSVP, 56, 03, intent 3",
        "RSVP, 57, 06, label longer than the datagram",
        "RSVP, 57, FF, label of 255 bytes",
        "CONFIRM_DOWNLOAD, 20, 0000, joined without an index",
        "CONFIRM_DOWNLOAD, 20, FFFF, index 65535",
        "CONFIRM_DOWNLOAD, 22, 0002, result 2",
        "CONFIRM_DOWNLOAD, 22, 0011, result 17",
        "CONFIRM_DOWNLOAD, 24, 00000000, reports without a pause",
        "CONFIRM_DOWNLOAD, 24, 80000000, report interval of 2^31 ms",
        "CONFIRM_DOWNLOAD, 28, 00000009, send position behind the last track",
        "CONFIRM_DOWNLOAD, 36, 8000000000000000, less than nothing is used",
        "SECTOR_DATA, 12, 00000008, track behind the last",
        "SECTOR_DATA, 12, FFFFFFFF, track above 2^31",
        "SECTOR_DATA, 16, 0100, symbol 256",
        "SECTOR_DATA, 16, 0062, a short symbol that is not the last",
        "SECTOR_DATA, 16, 0064, a short parity symbol",
        "SECTOR_DATA, 18, 0000, k 0",
        "SECTOR_DATA, 18, 00E1, k 225",
        "SECTOR_DATA, 22, 0100, 256 parity symbols planned",
        "SECTOR_DATA_AND_FLUSH, 12, 80000000, track above 2^31",
        "SKIP_TRACK, 12, 0000, no ranges",
        "SKIP_TRACK, 12, 0004, more ranges than bytes",
        "SKIP_TRACK, 12, 0067, 103 ranges",
        "SKIP_TRACK, 16, FFFFFFFF, first track above 2^31",
        "SKIP_TRACK, 20, 00000000, range of no tracks",
        "SKIP_TRACK, 20, 00000009, range behind the last track",
        "SKIP_TRACK, 20, FFFFFFFF, range of 2^32 - 1 tracks",
        "SKIP_TRACK, 24, 00, data is not skipped",
        "SKIP_TRACK, 24, 03, kind 3",
        "SKIP_TRACK, 28, 00000008, last ranges behind the last track",
        "RESEND_REQUEST, 12, 0000, slave 0",
        "RESEND_REQUEST, 12, FFFF, slave 65535",
        "RESEND_REQUEST, 28, 00000009, good up to a track behind the last",
        "RESEND_REQUEST, 32, 00000009, heard of a track behind the last",
        "RESEND_REQUEST, 36, 80000000, window end above 2^31",
        "RESEND_REQUEST, 40, 00000009, more tracks done than there are",
        "RESEND_REQUEST, 44, FFFFFFFF, more tracks missing than there are",
        "RESEND_REQUEST, 72, 0003, more records than bytes",
        "RESEND_REQUEST, 72, 0062, 98 records",
        "RESEND_REQUEST, 74, 00000006, two records name a track",
        "RESEND_REQUEST, 78, 00000000, record of no tracks",
        "RESEND_REQUEST, 78, 7FFFFFFF, record of 2^31 - 1 tracks",
        "RESEND_REQUEST, 86, 00000000, records descend",
        "RESEND_REQUEST, 86, 00000008, record behind the last track",
        "RESEND_REQUEST, 94, 00E1, 225 symbols needed",
        "END_OF_DATA, 12, 00, kind 0",
        "END_OF_DATA, 12, 03, kind 3",
        "END_OF_DATA, 16, 00000007, another track count",
        "END_OF_DATA, 20, 00000009, sent up to a track behind the last",
        "END_OF_DATA, 24, FFFFFFFF, more tracks queued than there are",
        "DONE, 12, 00, reason 0",
        "DONE, 12, 06, reason 6",
        "DONE, 16, 00000009, another track count",
        "DONE, 20, 00000009, more data tracks than tracks",
        "DONE, 56, FFFF, base and bits above the last index",
        "DONE, 58, 0011, more bits than bytes",
        "DONE, 58, FFFF, 65535 bits",
        "DISCONNECT, 12, 0000, slave 0",
        "DISCONNECT, 14, 0006, result 6",
        "DISCONNECT, 28, 00000009, more tracks missing than there are",
        "DISCONNECT, 32, FFFFFFFFFFFFFFFF, bytes above 2^63",
        "DISCONNECT, 40, FFFFFFFFFFFFFFFF, time above 2^63",
        "DISCONNECT_ACKNOWLEDGE, 12, 0000, slave 0",
        "DISCONNECT_ACKNOWLEDGE, 14, 0006, result 6",
    })
    void isNotValid(CommandType type, int offset, String hex, String why) {
        ByteBuf datagram = Vectors.of(type);

        Vectors.resealed(datagram.setBytes(offset, HexFormat.of().parseHex(hex)));

        assertThat(Datagram.isSound(datagram)).isTrue();
        assertThat(Samples.isValid(datagram)).as(why).isFalse();
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource({
        "DRIVE_GEOMETRY, 60, 0493, symbols of 1171 bytes just hold a track",
        "DRIVE_GEOMETRY, 52, 0000000000800000, all of the disk required",
        "DRIVE_GEOMETRY, 65, FF, flags to come",
        "DRIVE_GEOMETRY, 66, 0000, no probes",
        "DRIVE_GEOMETRY, 66, 05A4, probes as long as data",
        "DRIVE_GEOMETRY, 66, FFFF, the longest probes",
        "DRIVE_GEOMETRY, 72, 00000008, all tracks sent",
        "CONFIRM_DOWNLOAD, 20, 00000007, refused without an index",
        "RSVP, 58, FFFF, flags to come",
        "SECTOR_DATA, 21, FF, flags to come",
        "RESEND_REQUEST, 14, FFFF, status bits to come",
        "RESEND_REQUEST, 74, 00000004, records side by side",
        "DONE, 58, 0010, as many bits as bytes",
        "DONE, 56, FFF5, the last slaves",
        "DISCONNECT, 12, FFFE, the last slave",
    })
    void isValidAtTheEdge(CommandType type, int offset, String hex, String why) {
        ByteBuf datagram = Vectors.of(type);

        Vectors.resealed(datagram.setBytes(offset, HexFormat.of().parseHex(hex)));

        assertThat(Samples.isValid(datagram)).as(why).isTrue();
    }
}
