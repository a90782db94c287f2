/**
 * What a side should have heard and has not: when this is said, and in which words. The engines know when, the sessions know
 * the addresses. Knows no engine, no socket and no clock.
 */
package org.imgblstr.protocol.silence;
