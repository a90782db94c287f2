/** A run of a master: order of events, where the tracks go, progress, result. */
package org.imgblstr.cli.master.run;
