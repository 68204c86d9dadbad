// Keeps every RTCPeerConnection that the page makes, so that a test can ask for its statistics.
(() => {
  const Native = window.RTCPeerConnection;
  window.__peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      window.__peers.push(this);
    }
  };
})();
