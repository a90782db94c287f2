package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.Samples.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes a link, of which chain, and in which order links can be read. */
class LinkTest {
    private static final int RAW_BYTES = 2048;

    @ParameterizedTest
    @ValueSource(ints = {-5, -1, 1, 2, 3, 6, 9, 19})
    void tracksOfAllKindsDecodeInTheirOrder(int level) throws Exception {
        Random random = new Random(level);
        Content[] contents = Content.values();
        for (int first : new int[] {0, 1_000_013, -70}) {
            try (var encoder = Chains.encoder(level);
                    var decoder = new TrackDecoder()) {
                int links = 0;
                for (int track = first; track != first + 70; track++) {
                    int bytes = track == first + 69 ? 1536 : 48 * 1024;
                    Content content = contents[random.nextInt(contents.length)];
                    byte[] raw = Samples.track(content, bytes, random.nextLong());
                    byte[] encoded = Chains.encode(encoder, track, raw, random.nextBoolean());
                    if (encoded.length > 0) {
                        assertThat(encoded).hasSizeLessThanOrEqualTo(EncodedTrack.maxBytes(bytes));
                        assertThat(Chains.decode(decoder, encoded, bytes, random.nextBoolean()))
                                .isEqualTo(raw);
                        links += Chains.codecOf(encoded) == CodecId.LINK ? 1 : 0;
                    }
                }
                assertThat(links).isGreaterThan(30);
            }
        }
    }

    @Test
    void aChainSpansItsGroupAndNeverLeavesIt() throws Exception {
        for (int group : new int[] {0, 960, -32}) {
            int first = group == 0 ? 0 : group - 32;
            try (var encoder = Chains.encoder(1)) {
                for (int track = first; track != first + 64; track++) {
                    byte[] encoded = Chains.encode(encoder, track, Chains.text(RAW_BYTES, track), true);
                    int start = EncodedTrack.groupStart(track);
                    assertThat(Chains.codecOf(encoded)).isSameAs(CodecId.LINK);
                    assertThat(Chains.startOf(encoded)).isEqualTo(start);
                    assertThat(Chains.linkOf(encoded)).isEqualTo(track - start);
                }
            }
        }
    }

    @Test
    void aGroupHasTheSameFirstTrackForAllOfItsTracksUpToTheHighestNumber() {
        assertThat(EncodedTrack.groupStart(0)).isZero();
        assertThat(EncodedTrack.groupStart(31)).isZero();
        assertThat(EncodedTrack.groupStart(32)).isEqualTo(32);
        assertThat(EncodedTrack.groupStart(Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
        assertThat(EncodedTrack.groupStart(-1)).isEqualTo(-32);
        assertThat(EncodedTrack.groupStart(-33)).isEqualTo(-64);
    }

    @Test
    void rawAndZeroTracksAreNoPartOfAChainAndDoNotEndIt() throws Exception {
        // given
        try (var encoder = Chains.encoder(1);
                var decoder = new TrackDecoder()) {
            byte[] noise = Samples.track(Content.RANDOM, RAW_BYTES, 1);
            byte[] first = Chains.encode(encoder, 3, Chains.text(RAW_BYTES, 3), true);
            byte[] raw = Chains.encode(encoder, 4, noise, true);
            byte[] zero = Chains.encode(encoder, 5, new byte[RAW_BYTES], true);
            byte[] second = Chains.encode(encoder, 6, Chains.text(RAW_BYTES, 6), true);
            // then
            assertThat(raw).startsWith(0, 0, 0, 0).hasSize(EncodedTrack.HEADER_BYTES + RAW_BYTES);
            assertThat(zero).isEmpty();
            assertThat(first).startsWith(3, 0, 0, 0, 0, 0, 0, 3);
            assertThat(second).startsWith(3, 1, 3, 0, 0, 0, 0, 6);
            assertThat(Chains.decode(decoder, first, RAW_BYTES, true)).isEqualTo(Chains.text(RAW_BYTES, 3));
            assertThat(Chains.decode(decoder, raw, RAW_BYTES, true)).isEqualTo(noise);
            raw[30]++;
            assertThat(Chains.fault(decoder, 4, raw, noise, true)).isNotNull();
            assertThat(Chains.decode(decoder, second, RAW_BYTES, true)).isEqualTo(Chains.text(RAW_BYTES, 6));
        }
    }

    @Test
    void aChainMayBeginInTheMiddleOfAGroup() throws Exception {
        try (var encoder = Chains.encoder(1);
                var decoder = new TrackDecoder()) {
            for (int track : new int[] {45, 46, 60, 63}) {
                byte[] encoded = Chains.encode(encoder, track, Chains.text(RAW_BYTES, track), true);
                assertThat(Chains.startOf(encoded)).isEqualTo(45);
                assertThat(Chains.decode(decoder, encoded, RAW_BYTES, true)).isEqualTo(Chains.text(RAW_BYTES, track));
            }
        }
    }

    @Test
    void aGroupThatIsEncodedAgainHasTheSameBytes() {
        try (var encoder = Chains.encoder(3)) {
            List<byte[]> once = Chains.encodeTexts(encoder, 64, 9);
            assertThat(Chains.encodeTexts(encoder, 64, 9)).containsExactlyElementsOf(once);
            assertThat(Chains.encodeTexts(encoder, 68, 2)).satisfies(later -> {
                assertThat(Chains.linkOf(later.get(0))).isZero();
                assertThat(Chains.startOf(later.get(1))).isEqualTo(68);
            });
        }
    }

    @Test
    void anotherLevelIsTakenUpByTheNextGroup() {
        try (var adapting = TrackEncoder.ofChains(CodecChoice.DEFAULT);
                var first = Chains.encoder(1);
                var ninth = Chains.encoder(9)) {
            List<byte[]> encoded = Chains.encodeTexts(adapting, 40, 8);
            adapting.level(9);
            encoded.addAll(Chains.encodeTexts(adapting, 48, 24));
            List<byte[]> expected = Chains.encodeTexts(first, 40, 24);
            expected.addAll(Chains.encodeTexts(ninth, 64, 8));
            assertThat(encoded).containsExactlyElementsOf(expected);
            assertThat(Chains.encodeTexts(first, 64, 8)).isNotEqualTo(Chains.encodeTexts(ninth, 64, 8));
        }
    }

    @Test
    void aChainIsMuchSmallerThanItsTracksAloneWhenTheyHaveMuchInCommon() {
        byte[] common = Chains.text(192 * 1024, 7);
        int chained = 0;
        int alone = 0;
        try (var encoder = Chains.encoder(1);
                var each = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            for (int track = 0; track < EncodedTrack.CHAIN_TRACKS; track++) {
                byte[] raw = common.clone();
                System.arraycopy(Chains.text(8192, track), 0, raw, track * 4096, 8192);
                chained += Chains.encode(encoder, track, raw, true).length;
                alone += Chains.encode(each, track, raw, true).length;
            }
        }
        assertThat(chained).isLessThan(alone / 5);
    }

    @Test
    void onlyZstdMakesLinksAndOnlyWhenAskedTo() {
        for (String codec : new String[] {"none", "rle"}) {
            try (var chains = TrackEncoder.ofChains(CodecChoice.parse(codec));
                    var alone = new TrackEncoder(CodecChoice.parse(codec))) {
                assertThat(Chains.encodeTexts(chains, 0, 3)).containsExactlyElementsOf(Chains.encodeTexts(alone, 0, 3));
            }
        }
        try (var alone = new TrackEncoder(CodecChoice.DEFAULT)) {
            assertThat(Chains.encodeTexts(alone, 0, 3))
                    .allSatisfy(encoded -> assertThat(encoded).startsWith(2, 0, 0, 0));
        }
    }

    /** What a slave has of a raw track stays right whichever way the track is encoded again. */
    @ParameterizedTest
    @ValueSource(ints = {-5, 1, 3, 9, 19})
    void aTrackThatIsRawInAChainIsTheSameBytesAlone(int level) {
        Random random = new Random(level);
        int rawTracks = 0;
        try (var chains = Chains.encoder(level);
                var alone = new TrackEncoder(new CodecChoice(CodecId.ZSTD, level));
                var first = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            for (int track = 0; track < 200; track++) {
                byte[] raw = partlyRandom(random, track % 3 == 0 ? 4096 : 64 * 1024);
                byte[] encoded = Chains.encode(chains, track, raw, random.nextBoolean());
                if (Chains.codecOf(encoded) == CodecId.RAW) {
                    rawTracks++;
                    assertThat(Chains.encode(alone, track, raw, random.nextBoolean()))
                            .isEqualTo(encoded);
                    assertThat(Chains.encode(first, track, raw, random.nextBoolean()))
                            .isEqualTo(encoded);
                }
            }
        }
        assertThat(rawTracks).isBetween(20, 180);
    }

    /** Random bytes with text in some places: on both sides of what is worth the time. */
    private static byte[] partlyRandom(Random random, int bytes) {
        byte[] raw = Samples.track(Content.RANDOM, bytes, random.nextLong());
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            byte[] text = Chains.text(1 + random.nextInt(bytes / 20), random.nextLong());
            System.arraycopy(text, 0, raw, random.nextInt(bytes - text.length), text.length);
        }
        return raw;
    }

    @Test
    void linksThatAreNotNextAreRefusedAndAFreshChainIsReadAfterwards() throws Exception {
        List<byte[]> chain;
        byte[] other;
        try (var encoder = Chains.encoder(1)) {
            chain = Chains.encodeTexts(encoder, 0, 6);
            other = Chains.encodeTexts(encoder, 32, 3).get(2);
        }
        byte[] damaged = chain.get(2).clone();
        damaged[EncodedTrack.HEADER_BYTES + 3] ^= 0x10;
        byte[] wrongChecksum = chain.get(2).clone();
        wrongChecksum[EncodedTrack.CHECKSUM]++;
        List<byte[]> wrongNext = List.of(chain.get(1), chain.get(3), chain.get(5), other, damaged, wrongChecksum);
        try (var decoder = new TrackDecoder()) {
            for (byte[] wrong : wrongNext) {
                // given
                Chains.decode(decoder, chain.get(0), RAW_BYTES, true);
                Chains.decode(decoder, chain.get(1), RAW_BYTES, true);
                boolean isInOrder = wrong == damaged || wrong == wrongChecksum;
                assertThat(decoder.isReadyFor(ByteBuffer.wrap(wrong))).isEqualTo(isInOrder);
                // when
                assertThatThrownBy(() -> Chains.decode(decoder, wrong, RAW_BYTES, true))
                        .isInstanceOf(MalformedTrackException.class);
                // then
                for (int next = 1; next < 6; next++) {
                    byte[] link = chain.get(next);
                    assertThat(decoder.isReadyFor(ByteBuffer.wrap(link))).isFalse();
                    assertThatThrownBy(() -> Chains.decode(decoder, link, RAW_BYTES, true))
                            .isInstanceOfSatisfying(MalformedTrackException.class, e -> assertThat(e.offset())
                                    .isEqualTo(EncodedTrack.LINK));
                }
                assertThat(decoder.isReadyFor(ByteBuffer.wrap(chain.get(0)))).isTrue();
            }
            for (byte[] link : chain) {
                assertThat(Chains.decode(decoder, link, RAW_BYTES, true))
                        .isEqualTo(Chains.text(RAW_BYTES, Chains.trackOf(link)));
            }
        }
    }

    /** Two chains of the same group, as of two encoders, must not be taken for one. */
    @Test
    void aLinkOfAnotherChainOfTheSameGroupIsRefused() throws Exception {
        try (var encoder = Chains.encoder(1);
                var decoder = new TrackDecoder()) {
            List<byte[]> all = Chains.encodeTexts(encoder, 0, 4);
            List<byte[]> later = Chains.encodeTexts(encoder, 1, 3);
            Chains.decode(decoder, later.get(0), RAW_BYTES, true);
            assertThat(Chains.linkOf(all.get(1))).isEqualTo(Chains.linkOf(later.get(1)));
            assertThatThrownBy(() -> Chains.decode(decoder, all.get(1), RAW_BYTES, true))
                    .isInstanceOf(MalformedTrackException.class);
        }
    }

    @Test
    void aHeaderThatIsRefusedDoesNotEndTheChain() throws Exception {
        try (var encoder = Chains.encoder(1);
                var decoder = new TrackDecoder()) {
            List<byte[]> chain = Chains.encodeTexts(encoder, 0, 2);
            Chains.decode(decoder, chain.get(0), RAW_BYTES, true);
            assertThatThrownBy(() ->
                            decoder.decode(7, RAW_BYTES, ByteBuffer.wrap(chain.get(1)), ByteBuffer.allocate(RAW_BYTES)))
                    .isInstanceOf(MalformedTrackException.class);
            assertThat(Chains.decode(decoder, chain.get(1), RAW_BYTES, true)).isEqualTo(Chains.text(RAW_BYTES, 1));
        }
    }

    @Test
    void linkAndBackHaveTheRangesOfAGroup() throws Exception {
        List<Integer> good = new ArrayList<>();
        for (int link = 0; link < 256; link++) {
            for (int back = 0; back < 256; back++) {
                boolean isGood = back <= 5 && link <= back && (link > 0 || back == 0);
                if (offsetOfFault(3, link, back) == 0) {
                    good.add(link << 8 | back);
                } else {
                    assertThat(offsetOfFault(3, link, back)).isEqualTo(back > 5 ? 2 : 1);
                }
                assertThat(good.contains(link << 8 | back)).isEqualTo(isGood);
            }
        }
        assertThat(good).hasSize(16);
        for (int codec = 0; codec < 3; codec++) {
            assertThat(offsetOfFault(codec, 0, 0)).isZero();
            assertThat(offsetOfFault(codec, 1, 0)).isEqualTo(1);
            assertThat(offsetOfFault(codec, 0, 1)).isEqualTo(2);
        }
    }

    /** Of a header of track 37, 0 when nothing is wrong with it. */
    private static int offsetOfFault(int codec, int link, int back) {
        var encoded = ByteBuffer.allocate(EncodedTrack.HEADER_BYTES + 512);
        EncodedTrack.putHeader(encoded, CodecId.RAW, 37, 512, 512, 0);
        encoded.put(0, (byte) codec).put(1, (byte) link).put(2, (byte) back);
        try {
            TrackDecoder.check(37, 512, encoded);
            return 0;
        } catch (MalformedTrackException e) {
            return e.offset();
        }
    }

    @Test
    void onlyALinkMayBeLongerThanItsTrack() {
        int rawBytes = 64 * 1024;
        for (CodecId codec : CodecId.values()) {
            int most = codec == CodecId.LINK ? rawBytes + 4 + 64 : rawBytes;
            for (int payloadBytes : new int[] {most, most + 1}) {
                var encoded = ByteBuffer.allocate(EncodedTrack.HEADER_BYTES + payloadBytes);
                EncodedTrack.putHeader(encoded, codec, 5, rawBytes, payloadBytes, 0);
                if (payloadBytes == most) {
                    assertThat(EncodedTrack.HEADER_BYTES + payloadBytes)
                            .isLessThanOrEqualTo(EncodedTrack.maxBytes(rawBytes));
                    assertThatCode(() -> TrackDecoder.check(5, rawBytes, encoded))
                            .doesNotThrowAnyException();
                } else {
                    assertThatThrownBy(() -> TrackDecoder.check(5, rawBytes, encoded))
                            .isInstanceOfSatisfying(MalformedTrackException.class, e -> assertThat(e.offset())
                                    .isEqualTo(EncodedTrack.PAYLOAD_BYTES));
                }
            }
        }
    }

    /** Random at most places: the three samples shrink, the track does not. */
    @Test
    void aLinkThatDoesNotShrinkIsWithinItsBound() throws Exception {
        try (var encoder = Chains.encoder(1);
                var decoder = new TrackDecoder()) {
            for (int track = 0; track < 3; track++) {
                byte[] raw = Samples.track(Content.RANDOM, 1 << 20, track);
                for (int part = 1; part <= 3; part++) {
                    System.arraycopy(new byte[512], 0, raw, part << 18, 512);
                }
                byte[] encoded = Chains.encode(encoder, track, raw, true);
                assertThat(Chains.codecOf(encoded)).isSameAs(CodecId.LINK);
                assertThat(encoded).hasSizeBetween((1 << 20) - 2048, EncodedTrack.maxBytes(1 << 20));
                assertThat(Chains.decode(decoder, encoded, 1 << 20, true)).isEqualTo(raw);
            }
        }
    }
}
