/** How tests speak to an app: as bytes on a socket, or as requests and replies over any wire. */
package dev.postlude.wire;
