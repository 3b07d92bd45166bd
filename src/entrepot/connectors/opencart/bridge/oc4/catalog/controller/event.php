<?php
namespace Opencart\Catalog\Controller\Extension\OmsBridge;

require_once __DIR__ . '/../../system/library/oms_bridge/autoload.php';

/** The storefront's and the order model's events. */
class Event extends \Opencart\System\Engine\Controller
{
    public function orderAdded($route = '', $args = array(), $output = null): void
    {
        $this->heard('orderAdded', $args, $output);
    }

    public function orderHistory($route = '', $args = array(), $output = null): void
    {
        $this->heard('orderHistory', $args, $output);
    }

    public function orderDeleted($route = '', $args = array(), $output = null): void
    {
        $this->heard('orderDeleted', $args, $output);
    }

    private function heard($what, $args, $output): void
    {
        $events = new \OmsBridge\Events(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $events->heard($what, $args, $output);
    }
}
