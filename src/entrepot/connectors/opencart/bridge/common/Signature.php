<?php
namespace OmsBridge;

/** The signature of the protocol, made and checked the same way in both directions. */
class Signature
{
    public static function of($secret, $method, $target, $timestamp, $nonce, $body)
    {
        $signed = "v1\n" . $method . "\n" . $target . "\n" . $timestamp . "\n" . $nonce . "\n" . $body;
        return 'v1=' . hash_hmac('sha256', $signed, $secret);
    }

    /** Header lines for a request of ours. */
    public static function headers($secret, $method, $target, $body, $now)
    {
        $nonce = self::random(16);
        return array(
            'X-Oms-Timestamp: ' . $now,
            'X-Oms-Nonce: ' . $nonce,
            'X-Oms-Signature: ' . self::of($secret, $method, $target, $now, $nonce, $body),
        );
    }

    public static function session($secret)
    {
        return substr(hash('sha256', 'oms-session:' . $secret), 0, 26);
    }

    /** Random bytes in hexadecimal. PHP 5.6 has no random_bytes. */
    public static function random($bytes)
    {
        return bin2hex(function_exists('random_bytes') ? random_bytes($bytes) : openssl_random_pseudo_bytes($bytes));
    }

    public static function uuid()
    {
        $hex = self::random(16);
        $hex[12] = '4';
        $hex[16] = dechex(8 + (hexdec($hex[16]) & 3));
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split($hex, 4));
    }
}
