"""Before a call, in real Chromium: the voice goes to the media process and comes back, measured."""

from __future__ import annotations

from tests.e2e.conftest import PASSWORD, OpenPage
from tests.servers.clinic import ClinicServer

_TEST = """
async (credentials) => {
  const headers = {'Content-Type': 'application/json'};
  const signed = await fetch('/api/v1/session', {method: 'POST', headers, body: JSON.stringify(credentials)});
  headers['X-CSRF-Token'] = (await signed.json()).csrf_token;
  const stream = await navigator.mediaDevices.getUserMedia({audio: true});
  const pc = new RTCPeerConnection({iceServers: []});
  pc.addTrack(stream.getAudioTracks()[0], stream);
  const ear = new Audio();
  pc.ontrack = ({streams, track}) => {
    ear.srcObject = streams[0] ?? new MediaStream([track]);
    ear.play();
  };
  await pc.setLocalDescription();
  await new Promise((done) => {
    if (pc.iceGatheringState === 'complete') return done();
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
  });
  const post = await fetch('/api/v1/device-tests',
    {method: 'POST', headers, body: JSON.stringify({sdp: pc.localDescription.sdp})});
  const opened = await post.json();
  if (!post.ok) return {failed: opened};
  await pc.setRemoteDescription({type: 'answer', sdp: opened.sdp});
  const inbound = async () => {
    for (const entry of (await pc.getStats()).values())
      if (entry.type === 'inbound-rtp') return entry;
    return {totalAudioEnergy: 0, packetsReceived: 0};
  };
  let report = {};
  for (let tries = 0; tries < 40; tries += 1) {
    await new Promise((done) => setTimeout(done, 500));
    report = await (await fetch(`/api/v1/device-tests/${opened.id}`)).json();
    if (report.state === 'measured' && report.delay_ms !== null) break;
  }
  const back = await inbound();
  const closed = await fetch(`/api/v1/device-tests/${opened.id}`, {method: 'DELETE', headers});
  pc.close();
  return {report, energy: back.totalAudioEnergy, packets: back.packetsReceived, closed: closed.status};
}
"""


def test_the_echo_comes_back_through_the_media_process(clinic: ClinicServer, open_page: OpenPage) -> None:
    page = open_page(None, "en")
    page.goto("/crisis")
    result = page.evaluate(_TEST, {"email": "patient@demo.invalid", "password": PASSWORD})
    assert result["report"]["words_code"] in {"good", "fair"}, (result, clinic.log("media"))
    assert result["report"]["heard"]
    assert result["report"]["rate_kbps"] > 12
    assert result["packets"] > 100
    assert result["energy"] > 0
    assert result["closed"] == 204
