<?php
namespace OmsBridge;

/** Picture files below the shop's image folder. */
class Images
{
    private static $types = array('jpg' => IMAGETYPE_JPEG, 'jpeg' => IMAGETYPE_JPEG, 'png' => IMAGETYPE_PNG, 'gif' => IMAGETYPE_GIF, 'webp' => 18);
    private $shop;

    public function __construct(Bridge $bridge)
    {
        $this->shop = $bridge->shop;
    }

    public function upload(Call $call)
    {
        $body = $call->json();
        $path = isset($body['path']) && is_string($body['path']) ? $body['path'] : '';
        if (!preg_match('~^catalog(/[A-Za-z0-9_-]+)+\.([A-Za-z]{3,4})$~D', $path, $m) || strlen($path) > 200) {
            // One dot only: some hosts run "a.php.jpg".
            throw Refusal::invalid('path', 'malformed', 'The path must lie below catalog/ and use letters, digits, dash and underscore.');
        }
        $ending = strtolower($m[2]);
        if (!isset(self::$types[$ending])) {
            throw Refusal::invalid('path', 'type', 'The file must end in jpg, jpeg, png, gif or webp.');
        }
        $content = isset($body['content']) && is_string($body['content']) ? base64_decode($body['content'], true) : false;
        if ($content === false || $content === '') {
            throw Refusal::invalid('content', 'base64', 'The content must be base64.');
        }
        $facts = @getimagesizefromstring($content);
        // PHP before 7.1 cannot read a WebP header; its first bytes are then asked directly.
        $webp = substr($content, 0, 4) === 'RIFF' && substr($content, 8, 4) === 'WEBP';
        if ($ending === 'webp' ? !$webp : ($facts === false || $facts[2] !== self::$types[$ending])) {
            throw Refusal::invalid('content', 'not_an_image', 'The content is no picture of the kind its name says.');
        }
        $this->save($path, $content);
        return new Answer(array('path' => $path, 'url' => $this->shop->url() . 'image/' . $path, 'bytes' => strlen($content)));
    }

    /** Written beside its place and renamed, so that the storefront never shows half a picture. */
    private function save($path, $content)
    {
        $file = rtrim($this->shop->imageFolder(), '/') . '/' . $path;
        $folder = dirname($file);
        if (!is_dir($folder) && !@mkdir($folder, 0755, true) && !is_dir($folder)) {
            throw Refusal::invalid('path', 'folder', 'The shop may not write to its image folder.');
        }
        $part = $file . '.' . Signature::random(4) . '.part';
        if (@file_put_contents($part, $content) !== strlen($content) || !@rename($part, $file)) {
            @unlink($part);
            throw Refusal::invalid('path', 'folder', 'The shop may not write to its image folder.');
        }
        @chmod($file, 0644);
    }
}
