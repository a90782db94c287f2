/** A simulated LAN in virtual time for the real engines. Nothing here reads a clock; everything random comes from a seed. */
package org.imgblstr.protocol.sim;
