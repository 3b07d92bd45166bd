<?php
namespace OmsBridge;

/** Signed HTTP requests of the bridge's own. */
class Http
{
    /** array('status', 'took_ms', 'error', 'body'); never throws, never follows a redirect. */
    public static function send($url, $method, $body, $secret, $now, $connectMs, $totalMs, $cookie = null)
    {
        if (!function_exists('curl_init')) {
            return array('status' => 0, 'took_ms' => 0, 'error' => 'PHP has no curl extension.', 'body' => '');
        }
        $path = preg_replace('~^https?://[^/?]*~i', '', $url);
        $target = $path === '' || $path[0] !== '/' ? '/' . $path : $path;
        $headers = Signature::headers($secret, $method, $target, $body, $now);
        $headers[] = 'Content-Type: application/json';
        $headers[] = 'User-Agent: Entrepot-OpenCart-Bridge/' . Version::BRIDGE;
        $headers[] = 'Expect:';
        $curl = curl_init($url);
        curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
        curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
        curl_setopt($curl, CURLOPT_FOLLOWLOCATION, false);
        curl_setopt($curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
        curl_setopt($curl, CURLOPT_NOSIGNAL, true);
        curl_setopt($curl, CURLOPT_CONNECTTIMEOUT_MS, $connectMs);
        curl_setopt($curl, CURLOPT_TIMEOUT_MS, $totalMs);
        if ($cookie !== null) {
            curl_setopt($curl, CURLOPT_COOKIE, $cookie);
        }
        if ($method === 'POST') {
            curl_setopt($curl, CURLOPT_POST, true);
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        $started = microtime(true);
        $answer = curl_exec($curl);
        $took = (int)round((microtime(true) - $started) * 1000);
        $error = $answer === false ? curl_error($curl) : null;
        $status = (int)curl_getinfo($curl, CURLINFO_HTTP_CODE);
        return array('status' => $status, 'took_ms' => $took, 'error' => $error, 'body' => $answer === false ? '' : $answer);
    }
}
