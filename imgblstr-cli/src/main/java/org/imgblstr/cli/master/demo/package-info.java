/** {@code imgblstr demo}: a master and three slaves on files of this machine. Uses the commands as they are. */
package org.imgblstr.cli.master.demo;
